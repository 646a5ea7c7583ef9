-- Promises that so far the programs alone kept. What moments of different hosts say of each other is not
-- among them: a clock that is a second behind must not make an event or an answer fail.

-- For the triggers below, each of which says when it is called.
CREATE FUNCTION refuse_this_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % may not be changed in this way (%)', TG_TABLE_NAME, TG_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;

-- What happened to a lead, what was seen of it and what was decided are counted upwards.
ALTER TABLE lead
  ADD CONSTRAINT lead_counts CHECK (revision >= 1 AND seen_revision >= 0 AND turn >= 0),
  ADD CONSTRAINT lead_consent_has_basis CHECK (consent_at IS NULL OR consent_basis IS NOT NULL);
CREATE TRIGGER lead_only_rises BEFORE UPDATE OF revision, seen_revision, turn ON lead FOR EACH ROW
  WHEN (NEW.revision < OLD.revision OR NEW.seen_revision < OLD.seen_revision OR NEW.turn < OLD.turn)
  EXECUTE FUNCTION refuse_this_change();

ALTER TABLE lead_alias
  ADD CONSTRAINT lead_alias_address_normalized CHECK (address = lower(address) AND address !~ '[[:space:][:cntrl:]]' AND address LIKE '%_@_%');

-- Rows are taken in from the first on.
ALTER TABLE import_row
  ADD CONSTRAINT import_row_seq CHECK (seq >= 1);

-- What was agreed on is never changed, only made active or not; and one version always is, once one was.
ALTER TABLE agreement
  ADD CONSTRAINT agreement_version CHECK (version >= 1),
  ADD CONSTRAINT agreement_lookback CHECK (lookback_ms > 0);
CREATE TRIGGER agreement_immutable BEFORE UPDATE ON agreement FOR EACH ROW
  WHEN ((NEW.id, NEW.version, NEW.content_hash, NEW.content::text, NEW.lookback_ms, NEW.created_at)
    IS DISTINCT FROM (OLD.id, OLD.version, OLD.content_hash, OLD.content::text, OLD.lookback_ms, OLD.created_at))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER agreement_kept BEFORE DELETE ON agreement
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION check_active_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM agreement WHERE active_slot = 1) THEN
    RAISE EXCEPTION 'no agreement would be active' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER agreement_always_active AFTER UPDATE OF active_slot ON agreement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_active_agreement();

ALTER TABLE sequence_version
  ADD CONSTRAINT sequence_version_version CHECK (version >= 1);

-- P5: new enrollments get a version of the sequence that they are for.
CREATE FUNCTION check_current_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM sequence_version WHERE id = NEW.current_id AND name = NEW.name) THEN
    RAISE EXCEPTION 'version % is not one of the sequence %', NEW.current_id, NEW.name
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sequence_current_is_its_own BEFORE INSERT OR UPDATE ON sequence
  FOR EACH ROW EXECUTE FUNCTION check_current_version();

-- P5: an enrollment keeps its version; one that is blocked may be moved to another of the same sequence.
ALTER TABLE enrollment
  ADD CONSTRAINT enrollment_end_reason CHECK (end_reason LIKE 'exit: _%' OR end_reason IN (
    'finished', 'escalated', 'suppressed', 'stopped by ops', 'cancelled by ops',
    'disqualified', 'customer', 'open opportunity', 'competitor')),
  ADD CONSTRAINT enrollment_blocked CHECK (blocked IS NULL OR coalesce(
    blocked->>'code' IN ('template', 'provider') AND jsonb_typeof(blocked->'mail') = 'string'
    AND jsonb_typeof(blocked->'detail') = 'string', false));
CREATE FUNCTION check_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.blocked IS NULL OR NOT EXISTS (
    SELECT FROM sequence_version a JOIN sequence_version b ON b.name = a.name
    WHERE a.id = OLD.version_id AND b.id = NEW.version_id)
  THEN
    RAISE EXCEPTION 'enrollment % keeps its version', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER enrollment_keeps_version BEFORE UPDATE OF version_id ON enrollment FOR EACH ROW
  WHEN (NEW.version_id <> OLD.version_id) EXECUTE FUNCTION check_version_change();
CREATE TRIGGER enrollment_keeps_origin BEFORE UPDATE OF lead_id, origin_key ON enrollment FOR EACH ROW
  WHEN ((NEW.lead_id, NEW.origin_key) IS DISTINCT FROM (OLD.lead_id, OLD.origin_key))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER enrollment_ends_once BEFORE UPDATE OF ended_at, end_reason ON enrollment FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL
    AND (NEW.ended_at, NEW.end_reason) IS DISTINCT FROM (OLD.ended_at, OLD.end_reason))
  EXECUTE FUNCTION refuse_this_change();

-- P1: a mail that may have left keeps its row, and what is known of it only grows.
ALTER TABLE send
  ADD CONSTRAINT send_confirmed CHECK (NOT confirmed OR state <> 'unknown');
CREATE TRIGGER send_goes_forward BEFORE UPDATE OF state ON send FOR EACH ROW
  WHEN (NEW.state <> OLD.state AND OLD.state <> 'dispatching'
    AND NOT (OLD.state = 'unknown' AND NEW.state IN ('accepted', 'refused')))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER send_keeps_mail BEFORE UPDATE OF enrollment_id, step_key, lead_id, content_key ON send FOR EACH ROW
  WHEN ((NEW.enrollment_id, NEW.step_key, NEW.lead_id, NEW.content_key)
    IS DISTINCT FROM (OLD.enrollment_id, OLD.step_key, OLD.lead_id, OLD.content_key))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER send_kept BEFORE DELETE ON send FOR EACH ROW
  WHEN (OLD.state <> 'dispatching') EXECUTE FUNCTION refuse_this_change();
CREATE FUNCTION check_send_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM enrollment WHERE id = NEW.enrollment_id AND lead_id = NEW.lead_id) THEN
    RAISE EXCEPTION 'enrollment % is not one of lead %', NEW.enrollment_id, NEW.lead_id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER send_to_the_enrolled BEFORE INSERT ON send
  FOR EACH ROW EXECUTE FUNCTION check_send_lead();

-- P2: an address that is never mailed again stays so.
CREATE TRIGGER suppression_kept BEFORE UPDATE OR DELETE ON suppression
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- P4: every line of a score counts on one of the two axes and names its rule, and its events if it rests on
-- any; and what was explained is not explained anew.
ALTER TABLE score
  ADD CONSTRAINT score_lines_list CHECK (jsonb_typeof(lines) = 'array');
CREATE FUNCTION check_score_line_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM jsonb_array_elements(NEW.lines) AS line
    WHERE NOT coalesce(line->>'rule' <> '' AND CASE line->>'axis'
      WHEN 'fit' THEN true
      WHEN 'engagement' THEN line->'events'->0 IS NOT NULL END, false))
  THEN
    RAISE EXCEPTION 'a line of score % does not say what it counts', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER score_lines_name_rules AFTER INSERT ON score
  FOR EACH ROW EXECUTE FUNCTION check_score_line_names();
CREATE TRIGGER score_append_only BEFORE UPDATE OR DELETE ON score
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- P3: there is always somebody who takes what nobody else can.
ALTER TABLE person
  ADD CONSTRAINT person_catch_all_active CHECK (catch_all_slot IS NULL OR active);
CREATE FUNCTION check_catch_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM person WHERE catch_all_slot = 1) THEN
    RAISE EXCEPTION 'nobody would be the catch-all owner' USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER person_catch_all_exists AFTER INSERT OR DELETE OR UPDATE OF catch_all_slot ON person
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_catch_all();

-- P3: a crossing is one lead's, rests on that lead's score, and its owner is who was asked last.
ALTER TABLE escalation
  ADD CONSTRAINT escalation_due CHECK (accept_due_at >= created_at AND contact_due_at >= created_at);
CREATE TRIGGER escalation_keeps_origin BEFORE UPDATE OF lead_id, origin_key, score_id, grade, cause ON escalation FOR EACH ROW
  WHEN ((NEW.lead_id, NEW.origin_key, NEW.score_id, NEW.grade, NEW.cause)
    IS DISTINCT FROM (OLD.lead_id, OLD.origin_key, OLD.score_id, OLD.grade, OLD.cause))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER escalation_ends_once BEFORE UPDATE OF state, ended_at ON escalation FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL AND (NEW.state, NEW.ended_at) IS DISTINCT FROM (OLD.state, OLD.ended_at))
  EXECUTE FUNCTION refuse_this_change();
CREATE FUNCTION check_crossing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM score WHERE id = NEW.score_id AND lead_id = NEW.lead_id)
    OR NEW.enrollment_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM enrollment WHERE id = NEW.enrollment_id AND lead_id = NEW.lead_id)
  THEN
    RAISE EXCEPTION 'escalation % rests on what is not of its lead', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER escalation_of_its_lead BEFORE INSERT OR UPDATE OF enrollment_id ON escalation
  FOR EACH ROW EXECUTE FUNCTION check_crossing();

ALTER TABLE assignment
  ADD CONSTRAINT assignment_reason CHECK (reason <> '');
CREATE TRIGGER assignment_kept BEFORE DELETE ON assignment
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER assignment_keeps_what BEFORE UPDATE OF escalation_id, n, person_id, reason, created_at ON assignment FOR EACH ROW
  WHEN ((NEW.escalation_id, NEW.n, NEW.person_id, NEW.reason, NEW.created_at)
    IS DISTINCT FROM (OLD.escalation_id, OLD.n, OLD.person_id, OLD.reason, OLD.created_at))
  EXECUTE FUNCTION refuse_this_change();
CREATE FUNCTION check_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  subject uuid;
BEGIN
  IF TG_TABLE_NAME = 'escalation' THEN subject := NEW.id; ELSE subject := NEW.escalation_id; END IF;
  IF (SELECT owner_id FROM escalation WHERE id = subject) IS DISTINCT FROM
    (SELECT person_id FROM assignment WHERE escalation_id = subject ORDER BY n DESC LIMIT 1)
  THEN
    RAISE EXCEPTION 'the owner of escalation % is not who was asked last', subject
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER escalation_owner_asked AFTER INSERT OR UPDATE OF owner_id ON escalation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_owner();
CREATE CONSTRAINT TRIGGER assignment_asks_owner AFTER INSERT ON assignment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_owner();

-- A rejection ends an escalation, so there is one.
CREATE UNIQUE INDEX disposition_rejects_once ON disposition (escalation_id) WHERE kind = 'rejected';

-- A slot is taken and left with what holds it, and never handed on. Looked at when the transaction commits, as
-- check_slot() looks from the other side.
CREATE TRIGGER open_slot_never_handed_on BEFORE UPDATE ON open_slot
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION check_slot_holder() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  slot open_slot;
  is_open boolean;
  held boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN slot := OLD; ELSE slot := NEW; END IF;
  held := EXISTS (
    SELECT FROM open_slot
    WHERE enrollment_id = slot.enrollment_id OR escalation_id = slot.escalation_id);
  is_open := EXISTS (
    SELECT FROM enrollment WHERE id = slot.enrollment_id AND lead_id = slot.lead_id AND ended_at IS NULL
    UNION ALL
    SELECT FROM escalation WHERE id = slot.escalation_id AND lead_id = slot.lead_id AND ended_at IS NULL);
  IF held <> is_open THEN
    RAISE EXCEPTION 'the slot of lead % is % by what is %', slot.lead_id,
      CASE WHEN held THEN 'held' ELSE 'left' END, CASE WHEN is_open THEN 'open' ELSE 'not open, or not its own' END
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER open_slot_held_by_what_is_open AFTER INSERT OR DELETE ON open_slot
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_slot_holder();

-- A switch that nobody reads, or a word that nobody knows, would stop no mail.
ALTER TABLE control
  ADD CONSTRAINT control_key CHECK (key = 'mail'),
  ADD CONSTRAINT control_value CHECK (value IN ('on', 'off'));
