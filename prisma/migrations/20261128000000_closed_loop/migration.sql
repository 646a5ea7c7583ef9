-- AlterTable
ALTER TABLE "assignment" ADD COLUMN     "cause" TEXT NOT NULL DEFAULT 'routed';

-- AlterTable
ALTER TABLE "disposition" ADD COLUMN     "about" TEXT,
ADD COLUMN     "amount_minor" BIGINT,
ADD COLUMN     "currency" TEXT,
ADD COLUMN     "wake_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "escalation" ADD COLUMN     "feedback_due_at" TIMESTAMPTZ(3),
ADD COLUMN     "wake_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "lead" ADD COLUMN     "engagement_from" TIMESTAMPTZ(3),
ADD COLUMN     "hold_fit" INTEGER,
ADD COLUMN     "hold_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "attempt" (
    "id" UUID NOT NULL,
    "escalation_id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "note" TEXT,
    "way" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice" (
    "key" TEXT NOT NULL,
    "escalation_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "notice_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "attempt_escalation_id_idx" ON "attempt"("escalation_id");

-- CreateIndex
CREATE INDEX "notice_escalation_id_idx" ON "notice"("escalation_id");

-- DropIndex
DROP INDEX "disposition_rejects_once";

-- CreateIndex
CREATE UNIQUE INDEX "disposition_ends_once" ON "disposition"("escalation_id") WHERE (kind IN ('rejected', 'won', 'lost', 'closed'));

-- CreateIndex
CREATE INDEX "escalation_grade_created_at_idx" ON "escalation"("grade", "created_at") WHERE (state = 'queued');

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "notice" ADD CONSTRAINT "notice_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- An escalation goes through the states that sales works in, and ends in one of four.
ALTER TABLE escalation
  DROP CONSTRAINT escalation_state,
  DROP CONSTRAINT escalation_ended_whole,
  ADD CONSTRAINT escalation_state CHECK (state IN
    ('queued', 'assigned', 'accepted', 'contacted', 'qualified', 'rejected', 'won', 'lost', 'closed')),
  ADD CONSTRAINT escalation_ended_whole CHECK ((ended_at IS NULL) = (state IN
    ('queued', 'assigned', 'accepted', 'contacted', 'qualified'))),
  ADD CONSTRAINT escalation_feedback_due CHECK (feedback_due_at >= created_at);

ALTER TABLE assignment
  ADD CONSTRAINT assignment_cause CHECK (cause IN
    ('routed', 'queued', 'catch-all', 'overdue', 'left', 'manager', 'ops'));

-- What was said: a reason where there has to be one, money only of what was won, a date only of what was put off.
ALTER TABLE disposition
  DROP CONSTRAINT disposition_kind,
  DROP CONSTRAINT disposition_reason,
  DROP CONSTRAINT disposition_way,
  ADD CONSTRAINT disposition_kind CHECK (kind IN
    ('accepted', 'contacted', 'feedback', 'qualified', 'rejected', 'won', 'lost', 'closed')),
  ADD CONSTRAINT disposition_reason CHECK (
    (kind IN ('rejected', 'lost')) = (reason IS NOT NULL) AND reason <> ''),
  ADD CONSTRAINT disposition_way CHECK (way IN ('page', 'cli', 'api', 'ops')),
  ADD CONSTRAINT disposition_amount CHECK ((amount_minor IS NULL) = (currency IS NULL)
    AND (amount_minor IS NULL OR amount_minor >= 0 AND kind = 'won' AND currency ~ '^[A-Z]{3}$')),
  ADD CONSTRAINT disposition_wake CHECK (wake_at IS NULL OR kind = 'rejected' AND wake_at > at),
  ADD CONSTRAINT disposition_about CHECK (about IS NULL OR kind = 'rejected' AND about <> '');

ALTER TABLE attempt
  ADD CONSTRAINT attempt_kind CHECK (kind IN ('call', 'mail', 'meeting')),
  ADD CONSTRAINT attempt_way CHECK (way IN ('page', 'cli', 'api'));
CREATE TRIGGER attempt_append_only BEFORE UPDATE OR DELETE ON attempt
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE notice
  ADD CONSTRAINT notice_key CHECK (key <> '');

-- While sales wants no new escalation of a lead: until a moment, or until its fit is another.
ALTER TABLE lead
  ADD CONSTRAINT lead_hold_fit CHECK (hold_fit BETWEEN 0 AND 10000);
