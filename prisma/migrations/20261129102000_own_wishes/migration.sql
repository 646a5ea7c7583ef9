-- What a lead wants itself, to stay in touch or to be left alone; and who of sales took a lead over unasked.

-- Each list of words is as it was, and longer: another migration may have made it longer, too.
DO $$
DECLARE
  word record;
BEGIN
  FOR word IN
    SELECT conrelid::regclass AS of, conname AS name, pg_get_expr(conbin, conrelid) AS known, col, more
    FROM (VALUES
      ('event_kind', 'kind', '{stay, quiet}'::text[]),
      ('enrollment_end_reason', 'end_reason', '{quiet}'),
      ('escalation_cause', 'cause', '{taken over}'),
      ('assignment_cause', 'cause', '{taken over}')) AS longer(name, col, more)
    JOIN pg_constraint ON conname = longer.name
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I CHECK (%I = ANY (%L::text[]) OR %s)',
      word.of, word.name, word.name, word.col, word.more, word.known);
  END LOOP;
END $$;

-- What a lead said last is asked for at every mail, of leads who may have thousands of events.
-- CreateIndex
CREATE INDEX "event_wish_idx" ON "event"("lead_id", "at") WHERE (kind IN ('stay', 'quiet'));
