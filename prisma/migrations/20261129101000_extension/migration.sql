-- Ops give a lead to somebody else, give more time for it, or close it; and are answered the same when they are heard twice.

-- CreateTable
CREATE TABLE "extension" (
    "id" UUID NOT NULL,
    "escalation_id" UUID NOT NULL,
    "clock" TEXT NOT NULL,
    "due_from" TIMESTAMPTZ(3) NOT NULL,
    "due_to" TIMESTAMPTZ(3) NOT NULL,
    "way" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "extension_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ops_update" (
    "escalation_id" UUID NOT NULL,
    "update_id" TEXT NOT NULL,
    "verb" TEXT NOT NULL,
    "outcome" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "ops_update_pkey" PRIMARY KEY ("escalation_id","update_id")
);

-- CreateIndex
CREATE INDEX "extension_escalation_id_idx" ON "extension"("escalation_id");

-- AddForeignKey
ALTER TABLE "extension" ADD CONSTRAINT "extension_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ops_update" ADD CONSTRAINT "ops_update_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- More time is later than it was, and lies ahead. It stays in the record.
ALTER TABLE extension
  ADD CONSTRAINT extension_clock CHECK (clock IN ('answer', 'contact', 'feedback')),
  ADD CONSTRAINT extension_is_later CHECK (due_to > due_from AND due_to > at),
  ADD CONSTRAINT extension_way CHECK (way = 'ops');
CREATE TRIGGER extension_append_only BEFORE UPDATE OR DELETE ON extension
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What says that something was put off is of an escalation that is open, and due by then. Looked at when the transaction
-- commits, at the rows as they are then.
CREATE FUNCTION check_extension() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM escalation
    WHERE id = NEW.escalation_id AND ended_at IS NULL AND NEW.due_to = CASE NEW.clock
      WHEN 'answer' THEN accept_due_at WHEN 'contact' THEN contact_due_at ELSE feedback_due_at END)
  THEN
    RAISE EXCEPTION 'extension % does not say when its escalation is due', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER extension_puts_off AFTER INSERT ON extension
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_extension();

ALTER TABLE ops_update
  ADD CONSTRAINT ops_update_id CHECK (update_id <> ''),
  ADD CONSTRAINT ops_update_verb CHECK (verb IN ('reassign', 'extend', 'close')),
  ADD CONSTRAINT ops_update_outcome CHECK (outcome ? 'done' AND jsonb_typeof(outcome->'done') = 'boolean');
CREATE TRIGGER ops_update_append_only BEFORE UPDATE OR DELETE ON ops_update
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
