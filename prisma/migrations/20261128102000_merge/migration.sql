-- Two leads who are one person: what the one had goes to the other, and back again when that was a mistake.
-- AlterTable
ALTER TABLE "lead" ADD COLUMN     "merge_id" UUID;

-- AlterTable
ALTER TABLE "lead_alias" ADD COLUMN     "main" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "merge_id" UUID;

-- AlterTable
ALTER TABLE "enrollment" ADD COLUMN     "merge_id" UUID;

-- AlterTable
ALTER TABLE "send" ADD COLUMN     "merge_id" UUID;

-- AlterTable
ALTER TABLE "event" ADD COLUMN     "merge_id" UUID;

-- AlterTable
ALTER TABLE "escalation" ADD COLUMN     "merge_id" UUID;

-- AlterTable
ALTER TABLE "outcome" ADD COLUMN     "merge_id" UUID;

-- CreateTable
CREATE TABLE "merge" (
    "id" UUID NOT NULL,
    "merged_id" UUID NOT NULL,
    "into_id" UUID NOT NULL,
    "survivor_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "way" TEXT NOT NULL,
    "person_id" UUID,
    "undone_at" TIMESTAMPTZ(3),
    "filled" JSONB NOT NULL DEFAULT '{}',
    "disarmed" BOOLEAN NOT NULL DEFAULT false,
    "ended_enrollment_id" UUID,
    "ended_escalation_id" UUID,
    "ended_escalation_state" TEXT,

    CONSTRAINT "merge_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "merge_survivor_id_idx" ON "merge"("survivor_id");

-- CreateIndex
CREATE UNIQUE INDEX "merge_merged_id_key" ON "merge"("merged_id") WHERE (undone_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "lead_alias_merge_id_key" ON "lead_alias"("merge_id") WHERE (main);

-- AddForeignKey
ALTER TABLE "lead" ADD CONSTRAINT "lead_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "merge"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lead_alias" ADD CONSTRAINT "lead_alias_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "merge"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge" ADD CONSTRAINT "merge_merged_id_fkey" FOREIGN KEY ("merged_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge" ADD CONSTRAINT "merge_into_id_fkey" FOREIGN KEY ("into_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge" ADD CONSTRAINT "merge_survivor_id_fkey" FOREIGN KEY ("survivor_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge" ADD CONSTRAINT "merge_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge" ADD CONSTRAINT "merge_ended_enrollment_id_fkey" FOREIGN KEY ("ended_enrollment_id") REFERENCES "enrollment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge" ADD CONSTRAINT "merge_ended_escalation_id_fkey" FOREIGN KEY ("ended_escalation_id") REFERENCES "escalation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "merge"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "send" ADD CONSTRAINT "send_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "merge"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "merge"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation" ADD CONSTRAINT "escalation_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "merge"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "outcome" ADD CONSTRAINT "outcome_merge_id_fkey" FOREIGN KEY ("merge_id") REFERENCES "merge"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What a merge was is never changed: where everything is moves on when its survivor is merged itself, until it is undone.
ALTER TABLE merge
  ADD CONSTRAINT merge_two_leads CHECK (merged_id <> into_id AND merged_id <> survivor_id),
  ADD CONSTRAINT merge_way CHECK (way IN ('page', 'api', 'cli')),
  ADD CONSTRAINT merge_filled CHECK (jsonb_typeof(filled) = 'object'),
  ADD CONSTRAINT merge_ended_escalation CHECK ((ended_escalation_id IS NULL) = (ended_escalation_state IS NULL));
CREATE TRIGGER merge_kept BEFORE DELETE ON merge
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER merge_keeps_what BEFORE UPDATE ON merge FOR EACH ROW
  WHEN ((NEW.id, NEW.merged_id, NEW.into_id, NEW.at, NEW.way, NEW.person_id)
    IS DISTINCT FROM (OLD.id, OLD.merged_id, OLD.into_id, OLD.at, OLD.way, OLD.person_id)
    OR OLD.undone_at IS NOT NULL)
  EXECUTE FUNCTION refuse_this_change();

-- A lead that was merged away says by which merge, has no address of its own, and is nobody's survivor; its survivor
-- is the lead that it was merged into, or that one's. Looked at when the transaction commits, at the rows as they are
-- then.
ALTER TABLE lead
  ADD CONSTRAINT lead_merged_has_no_address CHECK (merge_id IS NULL OR address IS NULL);
CREATE FUNCTION check_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM merge m JOIN lead l ON l.id = m.merged_id
    WHERE CASE TG_TABLE_NAME WHEN 'lead' THEN l.id = NEW.id ELSE m.id = NEW.id END
      AND ((m.undone_at IS NULL) <> (l.merge_id IS NOT DISTINCT FROM m.id)
        OR m.undone_at IS NULL AND (
          EXISTS (SELECT FROM lead s WHERE s.id = m.survivor_id AND s.merge_id IS NOT NULL)
          OR EXISTS (SELECT FROM merge a WHERE a.survivor_id = m.merged_id AND a.undone_at IS NULL)
          OR m.into_id <> m.survivor_id AND NOT EXISTS (
            SELECT FROM merge b
            WHERE b.merged_id = m.into_id AND b.survivor_id = m.survivor_id AND b.undone_at IS NULL))))
    OR TG_TABLE_NAME = 'lead' AND EXISTS (
      SELECT FROM lead l JOIN merge m ON m.id = l.merge_id WHERE l.id = NEW.id AND m.merged_id <> l.id)
  THEN
    RAISE EXCEPTION '% % would be of a merge that is not whole', TG_TABLE_NAME, NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER merge_whole AFTER INSERT OR UPDATE ON merge
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_merge();
CREATE CONSTRAINT TRIGGER lead_merged_whole AFTER UPDATE OF merge_id ON lead
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.merge_id IS DISTINCT FROM OLD.merge_id) EXECUTE FUNCTION check_merge();

-- What a lead has goes to another by a merge alone, and says so; when that is undone it goes back, and nowhere else.
CREATE FUNCTION check_follows_merge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.merge_id IS NULL THEN
    IF EXISTS (SELECT FROM merge WHERE id = OLD.merge_id AND merged_id = NEW.lead_id AND undone_at IS NOT NULL) THEN
      RETURN NEW;
    END IF;
  ELSIF EXISTS (
    SELECT FROM merge
    WHERE id = NEW.merge_id AND survivor_id = NEW.lead_id AND undone_at IS NULL
      AND (OLD.merge_id = NEW.merge_id OR OLD.merge_id IS NULL AND merged_id = OLD.lead_id))
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a row of % does not go with a merge', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER event_follows_merge BEFORE UPDATE OF lead_id, merge_id ON event FOR EACH ROW
  WHEN ((NEW.lead_id, NEW.merge_id) IS DISTINCT FROM (OLD.lead_id, OLD.merge_id))
  EXECUTE FUNCTION check_follows_merge();
CREATE TRIGGER send_follows_merge BEFORE UPDATE OF lead_id, merge_id ON send FOR EACH ROW
  WHEN ((NEW.lead_id, NEW.merge_id) IS DISTINCT FROM (OLD.lead_id, OLD.merge_id))
  EXECUTE FUNCTION check_follows_merge();
CREATE TRIGGER enrollment_follows_merge BEFORE UPDATE OF lead_id, merge_id ON enrollment FOR EACH ROW
  WHEN ((NEW.lead_id, NEW.merge_id) IS DISTINCT FROM (OLD.lead_id, OLD.merge_id))
  EXECUTE FUNCTION check_follows_merge();
CREATE TRIGGER escalation_follows_merge BEFORE UPDATE OF lead_id, merge_id ON escalation FOR EACH ROW
  WHEN ((NEW.lead_id, NEW.merge_id) IS DISTINCT FROM (OLD.lead_id, OLD.merge_id))
  EXECUTE FUNCTION check_follows_merge();
CREATE TRIGGER lead_alias_follows_merge BEFORE UPDATE OF lead_id, merge_id ON lead_alias FOR EACH ROW
  WHEN ((NEW.lead_id, NEW.merge_id) IS DISTINCT FROM (OLD.lead_id, OLD.merge_id))
  EXECUTE FUNCTION check_follows_merge();
ALTER TABLE lead_alias
  ADD CONSTRAINT lead_alias_main CHECK (NOT main OR merge_id IS NOT NULL);

-- Beside its lead, nothing of it changes.
DROP TRIGGER event_append_only ON event;
CREATE TRIGGER event_append_only BEFORE UPDATE ON event FOR EACH ROW
  WHEN ((NEW.id, NEW.provider_key, NEW.natural_hash, NEW.send_id, NEW.kind, NEW.subject, NEW.at, NEW.received_at,
      NEW.hold_until, NEW.detail)
    IS DISTINCT FROM (OLD.id, OLD.provider_key, OLD.natural_hash, OLD.send_id, OLD.kind, OLD.subject, OLD.at,
      OLD.received_at, OLD.hold_until, OLD.detail))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER event_kept BEFORE DELETE ON event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER send_keeps_mail ON send;
CREATE TRIGGER send_keeps_mail BEFORE UPDATE OF enrollment_id, step_key, content_key ON send FOR EACH ROW
  WHEN ((NEW.enrollment_id, NEW.step_key, NEW.content_key)
    IS DISTINCT FROM (OLD.enrollment_id, OLD.step_key, OLD.content_key))
  EXECUTE FUNCTION refuse_this_change();
DROP TRIGGER enrollment_keeps_origin ON enrollment;
CREATE TRIGGER enrollment_keeps_origin BEFORE UPDATE OF origin_key ON enrollment FOR EACH ROW
  WHEN (NEW.origin_key <> OLD.origin_key)
  EXECUTE FUNCTION refuse_this_change();
DROP TRIGGER escalation_keeps_origin ON escalation;
CREATE TRIGGER escalation_keeps_origin BEFORE UPDATE OF origin_key, score_id, grade, cause ON escalation FOR EACH ROW
  WHEN ((NEW.origin_key, NEW.score_id, NEW.grade, NEW.cause)
    IS DISTINCT FROM (OLD.origin_key, OLD.score_id, OLD.grade, OLD.cause))
  EXECUTE FUNCTION refuse_this_change();

-- Nothing new is of a lead that was merged away. Whoever found it before the merge is told to look again: the lead's
-- row is held by the reference to it first, so either the merge sees what is new, or this sees the merge.
CREATE FUNCTION refuse_of_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    IF NOT EXISTS (SELECT FROM arrived JOIN merge ON merged_id = lead_id AND undone_at IS NULL) THEN
      RETURN NULL;
    END IF;
  ELSIF NOT EXISTS (SELECT FROM merge WHERE merged_id = NEW.lead_id AND undone_at IS NULL) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'a new row of % is of a lead that was merged away', TG_TABLE_NAME
    USING ERRCODE = 'serialization_failure', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER event_not_of_merged AFTER INSERT ON event
  REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION refuse_of_merged();
CREATE TRIGGER outcome_not_of_merged AFTER INSERT ON outcome
  REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION refuse_of_merged();
CREATE TRIGGER send_not_of_merged AFTER INSERT ON send
  FOR EACH ROW EXECUTE FUNCTION refuse_of_merged();
CREATE TRIGGER enrollment_not_of_merged AFTER INSERT ON enrollment
  FOR EACH ROW EXECUTE FUNCTION refuse_of_merged();
CREATE TRIGGER escalation_not_of_merged AFTER INSERT ON escalation
  FOR EACH ROW EXECUTE FUNCTION refuse_of_merged();

-- A merge ends what one of the two was in, and undone it lets that go on. Whatever else there is to end by stays.
DO $$
DECLARE
  word record;
BEGIN
  FOR word IN
    SELECT conrelid::regclass AS of, conname AS name, pg_get_expr(conbin, conrelid) AS known,
      CASE conname WHEN 'escalation_state' THEN 'state' ELSE 'end_reason' END AS col
    FROM pg_constraint WHERE conname IN ('escalation_state', 'enrollment_end_reason')
  LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I CHECK (%I = ''merged'' OR %s)',
      word.of, word.name, word.name, word.col, word.known);
  END LOOP;
END $$;
DROP TRIGGER enrollment_ends_once ON enrollment;
CREATE TRIGGER enrollment_ends_once BEFORE UPDATE OF ended_at, end_reason ON enrollment FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL
    AND (NEW.ended_at, NEW.end_reason) IS DISTINCT FROM (OLD.ended_at, OLD.end_reason)
    AND NOT (OLD.end_reason = 'merged' AND NEW.ended_at IS NULL))
  EXECUTE FUNCTION refuse_this_change();
DROP TRIGGER escalation_ends_once ON escalation;
CREATE TRIGGER escalation_ends_once BEFORE UPDATE OF state, ended_at ON escalation FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL AND (NEW.state, NEW.ended_at) IS DISTINCT FROM (OLD.state, OLD.ended_at)
    AND NOT (OLD.state = 'merged' AND NEW.ended_at IS NULL))
  EXECUTE FUNCTION refuse_this_change();

-- An escalation that goes on for the survivor takes its slot there: the slot is of the lead that its holder is of.
CREATE OR REPLACE FUNCTION check_slot_holder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  slot open_slot;
  is_open boolean;
  held boolean;
  is_own boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN slot := OLD; ELSE slot := NEW; END IF;
  SELECT count(*) > 0, coalesce(bool_and(o.lead_id = coalesce(e.lead_id, x.lead_id)), true) INTO held, is_own
  FROM open_slot o LEFT JOIN enrollment e ON e.id = o.enrollment_id LEFT JOIN escalation x ON x.id = o.escalation_id
  WHERE o.enrollment_id = slot.enrollment_id OR o.escalation_id = slot.escalation_id;
  is_open := EXISTS (
    SELECT FROM enrollment WHERE id = slot.enrollment_id AND ended_at IS NULL
    UNION ALL
    SELECT FROM escalation WHERE id = slot.escalation_id AND ended_at IS NULL);
  IF held <> is_open OR NOT is_own THEN
    RAISE EXCEPTION 'the slot of lead % is % by what is %', slot.lead_id,
      CASE WHEN held THEN 'held' ELSE 'left' END, CASE WHEN is_open THEN 'open' ELSE 'not open, or not its own' END
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
