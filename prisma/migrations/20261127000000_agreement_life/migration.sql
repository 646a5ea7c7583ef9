-- The life of an agreement: proposed, signed by both teams, put into force; what that does to the leads; and what
-- became of leads, by which it is judged.

-- AlterTable
ALTER TABLE "lead" ADD COLUMN     "crossing" TEXT;

-- AlterTable
ALTER TABLE "agreement" ADD COLUMN     "files" JSONB,
ADD COLUMN     "forecast" JSONB;

-- AlterTable
ALTER TABLE "person" ADD COLUMN     "country" TEXT;

-- CreateTable
CREATE TABLE "approval" (
    "id" UUID NOT NULL,
    "agreement_id" UUID NOT NULL,
    "content_hash" TEXT NOT NULL,
    "team" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "way" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "approval_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activation" (
    "id" UUID NOT NULL,
    "agreement_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "running_slot" INTEGER,
    "total" INTEGER NOT NULL,
    "last_lead_id" UUID,
    "looked" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "crossed" INTEGER NOT NULL DEFAULT 0,
    "released" INTEGER NOT NULL DEFAULT 0,
    "graded_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "activation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outcome" (
    "id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "lead_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT,
    "amount_minor" BIGINT,
    "currency" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "outcome_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "approval_agreement_id_team_key" ON "approval"("agreement_id", "team");

-- CreateIndex
CREATE UNIQUE INDEX "approval_agreement_id_person_id_key" ON "approval"("agreement_id", "person_id");

-- CreateIndex
CREATE UNIQUE INDEX "activation_running_slot_key" ON "activation"("running_slot");

-- CreateIndex
CREATE INDEX "activation_agreement_id_idx" ON "activation"("agreement_id");

-- CreateIndex
CREATE INDEX "outcome_lead_id_at_idx" ON "outcome"("lead_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "outcome_source_external_id_key" ON "outcome"("source", "external_id");

-- CreateIndex
CREATE INDEX "lead_crossing_grade_created_at_idx" ON "lead"("crossing", "grade", "created_at") WHERE (crossing IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "agreement_id_content_hash_key" ON "agreement"("id", "content_hash");

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_agreement_id_content_hash_fkey" FOREIGN KEY ("agreement_id", "content_hash") REFERENCES "agreement"("id", "content_hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activation" ADD CONSTRAINT "activation_agreement_id_fkey" FOREIGN KEY ("agreement_id") REFERENCES "agreement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome" ADD CONSTRAINT "outcome_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A signature is one team's, by one of its members who is there, on just this content; nobody signs for both.
ALTER TABLE approval
  ADD CONSTRAINT approval_way CHECK (way IN ('link', 'command line'));
CREATE TRIGGER approval_append_only BEFORE UPDATE OR DELETE ON approval
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION check_signer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM person WHERE id = NEW.person_id AND team = NEW.team AND active) THEN
    RAISE EXCEPTION 'person % does not sign for %', NEW.person_id, NEW.team
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_by_a_member BEFORE INSERT ON approval
  FOR EACH ROW EXECUTE FUNCTION check_signer();

-- A version comes into force when both teams have signed it. The very first is there before anybody can sign, and
-- one that was in force may be again.
CREATE FUNCTION check_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(*) FROM approval WHERE agreement_id = NEW.id) < 2
    AND EXISTS (SELECT FROM agreement WHERE activated_at IS NOT NULL)
  THEN
    RAISE EXCEPTION 'agreement % is not signed by both teams', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agreement_signed BEFORE UPDATE OF active_slot ON agreement FOR EACH ROW
  WHEN (NEW.active_slot IS NOT NULL AND OLD.active_slot IS NULL AND OLD.activated_at IS NULL)
  EXECUTE FUNCTION check_signatures();
CREATE TRIGGER agreement_made_signed BEFORE INSERT ON agreement FOR EACH ROW
  WHEN (NEW.active_slot IS NOT NULL)
  EXECUTE FUNCTION check_signatures();
DROP TRIGGER agreement_immutable ON agreement;
CREATE TRIGGER agreement_immutable BEFORE UPDATE ON agreement FOR EACH ROW
  WHEN ((NEW.id, NEW.version, NEW.content_hash, NEW.content::text, NEW.files, NEW.lookback_ms, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.version, OLD.content_hash, OLD.content::text, OLD.files, OLD.lookback_ms, OLD.created_at))
  EXECUTE FUNCTION refuse_this_change();

-- An activation runs until it has ended, goes forward, and is of a version that was put into force.
ALTER TABLE activation
  ADD CONSTRAINT activation_one_runs CHECK (running_slot = 1),
  ADD CONSTRAINT activation_runs_or_ended CHECK ((running_slot IS NULL) = (ended_at IS NOT NULL)),
  ADD CONSTRAINT activation_counts CHECK (
    0 <= total AND 0 <= looked AND 0 <= changed AND changed <= looked
    AND 0 <= crossed AND crossed <= looked AND 0 <= released);
CREATE TRIGGER activation_goes_forward BEFORE UPDATE ON activation FOR EACH ROW
  WHEN ((NEW.agreement_id, NEW.at, NEW.total) IS DISTINCT FROM (OLD.agreement_id, OLD.at, OLD.total)
    OR NEW.looked < OLD.looked OR NEW.changed < OLD.changed OR NEW.crossed < OLD.crossed
    OR NEW.released < OLD.released OR NEW.last_lead_id < OLD.last_lead_id
    OR OLD.ended_at IS NOT NULL)
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER activation_kept BEFORE DELETE ON activation
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

ALTER TABLE person
  ADD CONSTRAINT person_country CHECK (country ~ '^[A-Z]{2}$');

-- A lead waits for a rep, because a new agreement made it sales' to work.
ALTER TABLE lead
  ADD CONSTRAINT lead_crossing CHECK (crossing IS NULL
    OR crossing IN ('waiting', 'released') AND coalesce(grade IN ('A', 'B'), false));
ALTER TABLE escalation
  DROP CONSTRAINT escalation_cause,
  ADD CONSTRAINT escalation_cause CHECK (cause IN ('crossing', 'hand raise', 'reply', 'booking', 'new agreement'));

-- A lead whose segment says so leaves its sequence for the segment's own.
ALTER TABLE enrollment
  DROP CONSTRAINT enrollment_end_reason,
  ADD CONSTRAINT enrollment_end_reason CHECK (end_reason LIKE 'exit: _%' OR end_reason IN (
    'finished', 'escalated', 'suppressed', 'stopped by ops', 'cancelled by ops', 'moved',
    'disqualified', 'customer', 'open opportunity', 'competitor'));

ALTER TABLE outcome
  ADD CONSTRAINT outcome_kind CHECK (kind IN ('accepted', 'rejected', 'qualified', 'won', 'lost')),
  ADD CONSTRAINT outcome_named CHECK (source <> '' AND external_id <> ''),
  ADD CONSTRAINT outcome_reason CHECK (reason IS NULL OR reason <> '' AND kind IN ('rejected', 'lost')),
  ADD CONSTRAINT outcome_amount CHECK ((amount_minor IS NULL) = (currency IS NULL)
    AND (amount_minor IS NULL OR amount_minor >= 0 AND kind = 'won' AND currency ~ '^[A-Z]{3}$'));
