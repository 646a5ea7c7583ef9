-- A crossing in an account that is with sales already joins what is open there.

-- AlterTable
ALTER TABLE "escalation" ADD COLUMN     "joins_id" UUID;

-- AddForeignKey
ALTER TABLE "escalation" ADD CONSTRAINT "escalation_joins_id_fkey" FOREIGN KEY ("joins_id") REFERENCES "escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What it joined is another, and stays what it was.
ALTER TABLE escalation
  ADD CONSTRAINT escalation_joins_another CHECK (joins_id <> id);
DROP TRIGGER escalation_keeps_origin ON escalation;
CREATE TRIGGER escalation_keeps_origin BEFORE UPDATE OF origin_key, score_id, grade, cause, joins_id ON escalation FOR EACH ROW
  WHEN ((NEW.origin_key, NEW.score_id, NEW.grade, NEW.cause, NEW.joins_id)
    IS DISTINCT FROM (OLD.origin_key, OLD.score_id, OLD.grade, OLD.cause, OLD.joins_id))
  EXECUTE FUNCTION refuse_this_change();

-- It is of another lead of the account. Later the two may turn out to be one person, or of two companies.
CREATE FUNCTION check_joins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM escalation x JOIN lead other ON other.id = x.lead_id JOIN lead l ON l.id = NEW.lead_id
    WHERE x.id = NEW.joins_id AND other.id <> l.id AND other.account_id = l.account_id)
  THEN
    RAISE EXCEPTION 'escalation % joins one that is not of a colleague', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER escalation_joins_colleague AFTER INSERT ON escalation FOR EACH ROW
  WHEN (NEW.joins_id IS NOT NULL)
  EXECUTE FUNCTION check_joins();
