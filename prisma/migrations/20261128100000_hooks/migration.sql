-- Transitions of escalations that another system is told of.

-- CreateTable
CREATE TABLE "hook" (
    "id" UUID NOT NULL,
    "escalation_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "origin_key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "delivered_at" TIMESTAMPTZ(3),
    "dead_at" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,

    CONSTRAINT "hook_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "hook_origin_key_key" ON "hook"("origin_key");

-- CreateIndex
CREATE INDEX "hook_escalation_id_idx" ON "hook"("escalation_id");

-- CreateIndex
CREATE INDEX "hook_waiting_idx" ON "hook"("at") WHERE (delivered_at IS NULL AND dead_at IS NULL);

-- CreateIndex
CREATE INDEX "hook_dead_at_idx" ON "hook"("dead_at") WHERE (dead_at IS NOT NULL);

-- AddForeignKey
ALTER TABLE "hook" ADD CONSTRAINT "hook_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- It waits, was delivered by an attempt, or is dead for a reason; so it is never both. A reason is a word or two, never
-- what a receiver said.
ALTER TABLE hook
  ADD CONSTRAINT hook_kind CHECK (kind ~ '^escalation\.[a-z]+$'),
  ADD CONSTRAINT hook_origin CHECK (origin_key <> ''),
  ADD CONSTRAINT hook_attempts CHECK (attempts >= 0),
  ADD CONSTRAINT hook_error CHECK (last_error ~ '^[a-z0-9 ]{1,40}$'),
  ADD CONSTRAINT hook_delivered_by_attempt CHECK (delivered_at IS NULL OR attempts >= 1 AND last_error IS NULL),
  ADD CONSTRAINT hook_dead_why CHECK (dead_at IS NULL OR last_error IS NOT NULL);

-- What is told stays what it was, and whoever was told is not told again.
CREATE TRIGGER hook_keeps_what BEFORE UPDATE ON hook FOR EACH ROW
  WHEN ((NEW.id, NEW.escalation_id, NEW.kind, NEW.origin_key, NEW.at)
    IS DISTINCT FROM (OLD.id, OLD.escalation_id, OLD.kind, OLD.origin_key, OLD.at))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER hook_delivered_once BEFORE UPDATE ON hook FOR EACH ROW
  WHEN (OLD.delivered_at IS NOT NULL) EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER hook_kept BEFORE DELETE ON hook FOR EACH ROW
  WHEN (OLD.delivered_at IS NULL) EXECUTE FUNCTION refuse_this_change();

-- Whether transitions are written to be told at all.
ALTER TABLE control
  DROP CONSTRAINT control_key,
  ADD CONSTRAINT control_key CHECK (key IN ('mail', 'hooks'));
