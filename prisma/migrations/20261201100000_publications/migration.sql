-- Which version of a sequence was live when: publishing, going back to an older one, and leads that are moved along;
-- what sales signs before it goes live; and what reps say of mails.

-- AlterTable
ALTER TABLE "approval" ADD COLUMN     "proposal_id" UUID,
ALTER COLUMN "agreement_id" DROP NOT NULL;

-- CreateTable
CREATE TABLE "publication" (
    "sequence" TEXT NOT NULL,
    "n" INTEGER NOT NULL,
    "version_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "person_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "publication_pkey" PRIMARY KEY ("sequence","n")
);

-- CreateTable
CREATE TABLE "proposal" (
    "id" UUID NOT NULL,
    "sequence" TEXT NOT NULL,
    "content_hash" TEXT NOT NULL,
    "person_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "comment" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "sequence" TEXT NOT NULL,
    "version_id" UUID NOT NULL,
    "mail" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "comment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "proposal_sequence_key" ON "proposal"("sequence") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "proposal_id_content_hash_key" ON "proposal"("id", "content_hash");

-- CreateIndex
CREATE INDEX "comment_sequence_at_idx" ON "comment"("sequence", "at");

-- CreateIndex
CREATE UNIQUE INDEX "approval_proposal_id_team_key" ON "approval"("proposal_id", "team");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_version_name_id_key" ON "sequence_version"("name", "id");

-- AddForeignKey
ALTER TABLE "publication" ADD CONSTRAINT "publication_sequence_fkey" FOREIGN KEY ("sequence") REFERENCES "sequence"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publication" ADD CONSTRAINT "publication_sequence_version_id_fkey" FOREIGN KEY ("sequence", "version_id") REFERENCES "sequence_version"("name", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "publication" ADD CONSTRAINT "publication_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "approval" ADD CONSTRAINT "approval_proposal_id_content_hash_fkey" FOREIGN KEY ("proposal_id", "content_hash") REFERENCES "proposal"("id", "content_hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_sequence_content_hash_fkey" FOREIGN KEY ("sequence", "content_hash") REFERENCES "sequence_version"("name", "hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_sequence_version_id_fkey" FOREIGN KEY ("sequence", "version_id") REFERENCES "sequence_version"("name", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comment" ADD CONSTRAINT "comment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was published before: each version when it was made; and where an older one is live, that again. When that was
-- and by whom is not known any more.
INSERT INTO publication (sequence, n, version_id, kind, at)
SELECT s.name, row_number() OVER (PARTITION BY s.name ORDER BY v.version), v.id, 'published', v.published_at
FROM sequence s JOIN sequence_version v ON v.name = s.name;
INSERT INTO publication (sequence, n, version_id, kind, at)
SELECT s.name, last.n + 1, s.current_id, 'published', last.at
FROM sequence s JOIN LATERAL (
  SELECT * FROM publication p WHERE p.sequence = s.name ORDER BY n DESC LIMIT 1) last ON last.version_id <> s.current_id;

-- Publications stay, are numbered in the order in which they came, and go back only to what was live before.
ALTER TABLE publication
  ADD CONSTRAINT publication_kind CHECK (kind IN ('published', 'rolled back'));
CREATE TRIGGER publication_append_only BEFORE UPDATE OR DELETE ON publication
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION check_publication_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n <> 1 + coalesce((SELECT max(n) FROM publication WHERE sequence = NEW.sequence), 0) THEN
    RAISE EXCEPTION 'publication % of % is not the next', NEW.n, NEW.sequence
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publication_next BEFORE INSERT ON publication
  FOR EACH ROW EXECUTE FUNCTION check_publication_number();
CREATE FUNCTION check_rolled_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM publication WHERE sequence = NEW.sequence AND version_id = NEW.version_id) THEN
    RAISE EXCEPTION 'version % of % was never live', NEW.version_id, NEW.sequence
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publication_back_to_what_was BEFORE INSERT ON publication FOR EACH ROW
  WHEN (NEW.kind = 'rolled back') EXECUTE FUNCTION check_rolled_back();

-- What is live is what was published last. Looked at when the transaction commits, which changes both.
CREATE FUNCTION check_live_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  named text := CASE TG_TABLE_NAME WHEN 'sequence' THEN to_jsonb(NEW)->>'name' ELSE to_jsonb(NEW)->>'sequence' END;
BEGIN
  IF (SELECT current_id FROM sequence WHERE name = named) IS DISTINCT FROM (
    SELECT version_id FROM publication WHERE sequence = named ORDER BY n DESC LIMIT 1)
  THEN
    RAISE EXCEPTION 'what is live of % is not what was published last', named
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER sequence_live_was_published AFTER INSERT OR UPDATE OF current_id ON sequence
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_live_version();
CREATE CONSTRAINT TRIGGER publication_is_live AFTER INSERT ON publication
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_live_version();

-- P5: an enrollment keeps its version, unless it is moved to the one that is live, at the very step that it stands at,
-- while no mail of it is on its way.
CREATE OR REPLACE FUNCTION check_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was jsonb;
  is_now jsonb;
BEGIN
  SELECT a.content->'plan'->OLD.cursor, b.content->'plan'->NEW.cursor INTO was, is_now
  FROM sequence s JOIN sequence_version a ON a.name = s.name JOIN sequence_version b ON b.id = s.current_id
  WHERE a.id = OLD.version_id AND b.id = NEW.version_id;
  IF NOT FOUND OR OLD.ended_at IS NOT NULL
    OR (was->>'do', was->>'mail') IS DISTINCT FROM (is_now->>'do', is_now->>'mail')
    OR EXISTS (SELECT FROM send WHERE enrollment_id = OLD.id AND state = 'dispatching')
  THEN
    RAISE EXCEPTION 'enrollment % keeps its version', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;

-- A proposal ends once: signed by sales, or withdrawn.
ALTER TABLE proposal
  ADD CONSTRAINT proposal_end_reason CHECK (end_reason IN ('signed', 'withdrawn')),
  ADD CONSTRAINT proposal_ended_whole CHECK ((ended_at IS NULL) = (end_reason IS NULL));
CREATE TRIGGER proposal_ends_once BEFORE UPDATE ON proposal FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL OR (NEW.id, NEW.sequence, NEW.content_hash, NEW.person_id, NEW.at)
    IS DISTINCT FROM (OLD.id, OLD.sequence, OLD.content_hash, OLD.person_id, OLD.at))
  EXECUTE FUNCTION refuse_this_change();
CREATE TRIGGER proposal_kept BEFORE DELETE ON proposal
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION check_proposal_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM approval WHERE proposal_id = NEW.id) THEN
    RAISE EXCEPTION 'proposal % is not signed', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER proposal_signed BEFORE INSERT OR UPDATE ON proposal FOR EACH ROW
  WHEN (NEW.end_reason = 'signed') EXECUTE FUNCTION check_proposal_signed();

-- A signature is under an agreement, by either team, or under a proposed sequence, by sales.
ALTER TABLE approval
  ADD CONSTRAINT approval_of_one CHECK (num_nonnulls(agreement_id, proposal_id) = 1),
  ADD CONSTRAINT approval_of_sequence_by_sales CHECK (proposal_id IS NULL OR team = 'sales');

-- Where the agreement in force says so, nothing new goes live that sales has not signed.
CREATE FUNCTION check_publication_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM agreement WHERE active_slot = 1 AND content #>> '{sequences,signed_by_sales}' = 'true')
    AND NOT EXISTS (SELECT FROM publication WHERE sequence = NEW.sequence AND version_id = NEW.version_id)
    AND NOT EXISTS (
      SELECT FROM proposal p JOIN approval a ON a.proposal_id = p.id
      JOIN sequence_version v ON v.name = p.sequence AND v.hash = p.content_hash
      WHERE v.id = NEW.version_id AND p.sequence = NEW.sequence)
  THEN
    RAISE EXCEPTION 'version % of % is not signed by sales', NEW.version_id, NEW.sequence
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publication_signed BEFORE INSERT ON publication
  FOR EACH ROW EXECUTE FUNCTION check_publication_signed();

-- A comment is of a mail that its version has, and stays as it was written for as long as it is there.
ALTER TABLE comment
  ADD CONSTRAINT comment_text CHECK (length(text) BETWEEN 1 AND 2000);
CREATE TRIGGER comment_unchanged BEFORE UPDATE ON comment
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION check_comment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM sequence_version WHERE id = NEW.version_id
      AND content @> jsonb_build_object('plan', jsonb_build_array(jsonb_build_object('mail', NEW.mail))))
  THEN
    RAISE EXCEPTION 'version % has no mail %', NEW.version_id, NEW.mail
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER comment_on_a_mail BEFORE INSERT ON comment
  FOR EACH ROW EXECUTE FUNCTION check_comment();
