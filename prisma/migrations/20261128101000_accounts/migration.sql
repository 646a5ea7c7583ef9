-- Accounts have an owner, and their leads are shown together, the best of them first.

-- AlterTable
ALTER TABLE "account" ADD COLUMN     "owner_id" UUID;

-- DropIndex
DROP INDEX "lead_account_id_idx";

-- CreateIndex
CREATE INDEX "account_owner_id_idx" ON "account"("owner_id");

-- CreateIndex
CREATE INDEX "lead_account_id_grade_id_idx" ON "lead"("account_id", "grade", "id");

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- A domain is in the one form in which addresses have it, or no lead would ever be found by it.
UPDATE account SET name = NULL WHERE name = '';
ALTER TABLE account
  DROP CONSTRAINT account_domain_lower,
  ADD CONSTRAINT account_domain_form CHECK (domain ~ '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?[.])+[a-z0-9-]{2,63}$'),
  ADD CONSTRAINT account_name CHECK (name <> '');

-- An account is given to somebody of sales who is there. Who leaves later keeps it in the record, until another is named.
CREATE FUNCTION check_account_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM person WHERE id = NEW.owner_id AND team = 'sales' AND active) THEN
    RAISE EXCEPTION 'person % does not own accounts', NEW.owner_id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER account_made_for_sales BEFORE INSERT ON account FOR EACH ROW
  WHEN (NEW.owner_id IS NOT NULL)
  EXECUTE FUNCTION check_account_owner();
CREATE TRIGGER account_given_to_sales BEFORE UPDATE OF owner_id ON account FOR EACH ROW
  WHEN (NEW.owner_id IS NOT NULL AND NEW.owner_id IS DISTINCT FROM OLD.owner_id)
  EXECUTE FUNCTION check_account_owner();
