-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "account" (
    "id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "name" TEXT,
    "status" TEXT,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "channel" TEXT,
    "cost_minor" BIGINT,
    "currency" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "source_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lead" (
    "id" UUID NOT NULL,
    "address" TEXT,
    "account_id" UUID,
    "source_id" UUID NOT NULL,
    "first_name" TEXT,
    "last_name" TEXT,
    "company" TEXT,
    "title" TEXT,
    "industry" TEXT,
    "employees" INTEGER,
    "country" TEXT,
    "region" TEXT,
    "zone" TEXT,
    "consent_basis" TEXT,
    "consent_at" TIMESTAMPTZ(3),
    "disqualified" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "seen_revision" INTEGER NOT NULL DEFAULT 0,
    "revised_at" TIMESTAMPTZ(3) NOT NULL,
    "turn" INTEGER NOT NULL DEFAULT 0,
    "grade" TEXT,
    "fit_band" TEXT,
    "engagement_band" INTEGER,
    "armed" BOOLEAN NOT NULL DEFAULT true,
    "scored_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "lead_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lead_alias" (
    "address" TEXT NOT NULL,
    "lead_id" UUID NOT NULL,

    CONSTRAINT "lead_alias_pkey" PRIMARY KEY ("address")
);

-- CreateTable
CREATE TABLE "import" (
    "id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "source_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_row" (
    "import_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "lead_id" UUID NOT NULL,

    CONSTRAINT "import_row_pkey" PRIMARY KEY ("import_id","seq")
);

-- CreateTable
CREATE TABLE "agreement" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "content" JSON NOT NULL,
    "lookback_ms" BIGINT NOT NULL,
    "active_slot" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "activated_at" TIMESTAMPTZ(3),

    CONSTRAINT "agreement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence_version" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "hash" TEXT NOT NULL,
    "content" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sequence_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence" (
    "name" TEXT NOT NULL,
    "current_id" UUID NOT NULL,

    CONSTRAINT "sequence_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "open_slot" (
    "lead_id" UUID NOT NULL,
    "enrollment_id" UUID,
    "escalation_id" UUID,

    CONSTRAINT "open_slot_pkey" PRIMARY KEY ("lead_id")
);

-- CreateTable
CREATE TABLE "enrollment" (
    "id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "origin_key" TEXT NOT NULL,
    "segment" TEXT,
    "cursor" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "wake_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "remaining_ms" BIGINT,
    "blocked" JSONB,
    "turned_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" TEXT,

    CONSTRAINT "enrollment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "send" (
    "id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "step_key" TEXT NOT NULL,
    "lead_id" UUID NOT NULL,
    "content_key" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "attempt_token" UUID NOT NULL,
    "attempted_at" TIMESTAMPTZ(3) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "provider_id" TEXT,
    "reason" TEXT,
    "confirmed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "send_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppression" (
    "address_hash" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suppression_pkey" PRIMARY KEY ("address_hash","scope")
);

-- CreateTable
CREATE TABLE "event" (
    "id" UUID NOT NULL,
    "provider_key" TEXT NOT NULL,
    "natural_hash" TEXT NOT NULL,
    "lead_id" UUID,
    "send_id" UUID,
    "kind" TEXT NOT NULL,
    "subject" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "hold_until" TIMESTAMPTZ(3),
    "detail" JSONB,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "score" (
    "id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "agreement_id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fit" INTEGER NOT NULL,
    "engagement" INTEGER NOT NULL,
    "fit_band" TEXT NOT NULL,
    "engagement_band" INTEGER NOT NULL,
    "grade" TEXT NOT NULL,
    "hand_raised" BOOLEAN NOT NULL,
    "lines" JSONB NOT NULL,

    CONSTRAINT "score_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "team" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "territory" JSONB,
    "capacity" INTEGER,
    "catch_all_slot" INTEGER,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "last_assigned_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "escalation" (
    "id" UUID NOT NULL,
    "lead_id" UUID NOT NULL,
    "origin_key" TEXT NOT NULL,
    "score_id" UUID NOT NULL,
    "enrollment_id" UUID,
    "grade" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "segment" TEXT,
    "accept_due_at" TIMESTAMPTZ(3) NOT NULL,
    "contact_due_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "turned_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "escalation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "assignment" (
    "id" UUID NOT NULL,
    "escalation_id" UUID NOT NULL,
    "n" INTEGER NOT NULL,
    "person_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "notified_at" TIMESTAMPTZ(3),

    CONSTRAINT "assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "disposition" (
    "id" UUID NOT NULL,
    "escalation_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT,
    "note" TEXT,
    "way" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "disposition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "control" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "control_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "audit" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "who" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "subject" TEXT,
    "detail" JSONB,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "account_domain_key" ON "account"("domain");

-- CreateIndex
CREATE UNIQUE INDEX "source_key_key" ON "source"("key");

-- CreateIndex
CREATE UNIQUE INDEX "lead_address_key" ON "lead"("address");

-- CreateIndex
CREATE INDEX "lead_account_id_idx" ON "lead"("account_id");

-- CreateIndex
CREATE INDEX "lead_source_id_idx" ON "lead"("source_id");

-- CreateIndex
CREATE INDEX "lead_revised_at_idx" ON "lead"("revised_at") WHERE (revision > seen_revision);

-- CreateIndex
CREATE INDEX "lead_alias_lead_id_idx" ON "lead_alias"("lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "import_hash_key" ON "import"("hash");

-- CreateIndex
CREATE INDEX "import_row_lead_id_idx" ON "import_row"("lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "import_row_import_id_lead_id_key" ON "import_row"("import_id", "lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "agreement_version_key" ON "agreement"("version");

-- CreateIndex
CREATE UNIQUE INDEX "agreement_content_hash_key" ON "agreement"("content_hash");

-- CreateIndex
CREATE UNIQUE INDEX "agreement_active_slot_key" ON "agreement"("active_slot");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_version_name_version_key" ON "sequence_version"("name", "version");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_version_name_hash_key" ON "sequence_version"("name", "hash");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_current_id_key" ON "sequence"("current_id");

-- CreateIndex
CREATE UNIQUE INDEX "open_slot_enrollment_id_key" ON "open_slot"("enrollment_id");

-- CreateIndex
CREATE UNIQUE INDEX "open_slot_escalation_id_key" ON "open_slot"("escalation_id");

-- CreateIndex
CREATE UNIQUE INDEX "enrollment_origin_key_key" ON "enrollment"("origin_key");

-- CreateIndex
CREATE INDEX "enrollment_lead_id_idx" ON "enrollment"("lead_id");

-- CreateIndex
CREATE INDEX "enrollment_wake_at_idx" ON "enrollment"("wake_at") WHERE (ended_at IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "send_provider_id_key" ON "send"("provider_id");

-- CreateIndex
CREATE UNIQUE INDEX "send_enrollment_id_step_key_key" ON "send"("enrollment_id", "step_key");

-- CreateIndex
CREATE UNIQUE INDEX "send_lead_id_content_key_key" ON "send"("lead_id", "content_key");

-- CreateIndex
CREATE UNIQUE INDEX "event_provider_key_key" ON "event"("provider_key");

-- CreateIndex
CREATE UNIQUE INDEX "event_natural_hash_key" ON "event"("natural_hash");

-- CreateIndex
CREATE INDEX "event_lead_id_at_idx" ON "event"("lead_id", "at");

-- CreateIndex
CREATE INDEX "event_send_id_idx" ON "event"("send_id");

-- CreateIndex
CREATE INDEX "score_lead_id_at_idx" ON "score"("lead_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "person_key_key" ON "person"("key");

-- CreateIndex
CREATE UNIQUE INDEX "person_address_key" ON "person"("address");

-- CreateIndex
CREATE UNIQUE INDEX "person_catch_all_slot_key" ON "person"("catch_all_slot");

-- CreateIndex
CREATE UNIQUE INDEX "escalation_origin_key_key" ON "escalation"("origin_key");

-- CreateIndex
CREATE UNIQUE INDEX "escalation_enrollment_id_key" ON "escalation"("enrollment_id");

-- CreateIndex
CREATE INDEX "escalation_lead_id_idx" ON "escalation"("lead_id");

-- CreateIndex
CREATE INDEX "escalation_owner_id_idx" ON "escalation"("owner_id");

-- CreateIndex
CREATE INDEX "assignment_person_id_created_at_idx" ON "assignment"("person_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "assignment_escalation_id_n_key" ON "assignment"("escalation_id", "n");

-- CreateIndex
CREATE UNIQUE INDEX "disposition_escalation_id_seq_key" ON "disposition"("escalation_id", "seq");

-- CreateIndex
CREATE INDEX "audit_subject_idx" ON "audit"("subject");

-- AddForeignKey
ALTER TABLE "lead" ADD CONSTRAINT "lead_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lead" ADD CONSTRAINT "lead_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lead_alias" ADD CONSTRAINT "lead_alias_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "source"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_row" ADD CONSTRAINT "import_row_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "import"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_row" ADD CONSTRAINT "import_row_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence" ADD CONSTRAINT "sequence_current_id_fkey" FOREIGN KEY ("current_id") REFERENCES "sequence_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "open_slot" ADD CONSTRAINT "open_slot_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "open_slot" ADD CONSTRAINT "open_slot_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "open_slot" ADD CONSTRAINT "open_slot_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrollment" ADD CONSTRAINT "enrollment_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "sequence_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "send" ADD CONSTRAINT "send_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "send" ADD CONSTRAINT "send_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_send_id_fkey" FOREIGN KEY ("send_id") REFERENCES "send"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "score" ADD CONSTRAINT "score_agreement_id_fkey" FOREIGN KEY ("agreement_id") REFERENCES "agreement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation" ADD CONSTRAINT "escalation_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "lead"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation" ADD CONSTRAINT "escalation_score_id_fkey" FOREIGN KEY ("score_id") REFERENCES "score"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation" ADD CONSTRAINT "escalation_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation" ADD CONSTRAINT "escalation_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignment" ADD CONSTRAINT "assignment_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disposition" ADD CONSTRAINT "disposition_escalation_id_fkey" FOREIGN KEY ("escalation_id") REFERENCES "escalation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "disposition" ADD CONSTRAINT "disposition_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is what Prisma's schema cannot say.

-- Milliseconds since 1970, the form in which the domain knows moments.
CREATE FUNCTION ms(timestamptz) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (extract(epoch FROM $1) * 1000)::bigint;
CREATE FUNCTION moment(bigint) RETURNS timestamptz
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN to_timestamp($1 / 1000.0);

ALTER TABLE account
  ADD CONSTRAINT account_status CHECK (status IN ('customer', 'open opportunity', 'competitor')),
  ADD CONSTRAINT account_domain_lower CHECK (domain = lower(domain));

ALTER TABLE source
  ADD CONSTRAINT source_cost CHECK (cost_minor >= 0),
  ADD CONSTRAINT source_cost_has_currency CHECK ((cost_minor IS NULL) = (currency IS NULL)),
  ADD CONSTRAINT source_currency CHECK (currency ~ '^[A-Z]{3}$');

ALTER TABLE lead
  ADD CONSTRAINT lead_address_normalized CHECK (address = lower(address) AND address !~ '[[:space:][:cntrl:]]' AND address LIKE '%_@_%'),
  ADD CONSTRAINT lead_employees CHECK (employees >= 0),
  ADD CONSTRAINT lead_country CHECK (country ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT lead_seen CHECK (seen_revision <= revision),
  ADD CONSTRAINT lead_grade CHECK (grade IN ('A', 'B', 'C', 'D')),
  ADD CONSTRAINT lead_fit_band CHECK (fit_band IN ('A', 'B', 'C', 'D')),
  ADD CONSTRAINT lead_engagement_band CHECK (engagement_band BETWEEN 1 AND 4),
  ADD CONSTRAINT lead_scored_whole CHECK (num_nulls(grade, fit_band, engagement_band, scored_at) IN (0, 4));

ALTER TABLE agreement
  ADD CONSTRAINT agreement_one_active CHECK (active_slot = 1),
  ADD CONSTRAINT agreement_active_since CHECK (active_slot IS NULL OR activated_at IS NOT NULL);

ALTER TABLE open_slot
  ADD CONSTRAINT open_slot_holds_one CHECK (num_nonnulls(enrollment_id, escalation_id) = 1);

ALTER TABLE enrollment
  ADD CONSTRAINT enrollment_cursor CHECK (cursor >= 0),
  ADD CONSTRAINT enrollment_paused_whole CHECK ((paused_at IS NULL) = (remaining_ms IS NULL)),
  ADD CONSTRAINT enrollment_remaining CHECK (remaining_ms >= 0),
  ADD CONSTRAINT enrollment_ended_whole CHECK ((ended_at IS NULL) = (end_reason IS NULL));

ALTER TABLE send
  ADD CONSTRAINT send_state CHECK (state IN ('dispatching', 'accepted', 'unknown', 'refused')),
  ADD CONSTRAINT send_refused_why CHECK (state <> 'refused' OR reason IS NOT NULL);

ALTER TABLE suppression
  ADD CONSTRAINT suppression_hash CHECK (address_hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT suppression_scope CHECK (scope = 'all');

ALTER TABLE event
  ADD CONSTRAINT event_kind CHECK (kind IN (
    'click', 'page', 'form', 'download', 'webinar', 'reply', 'booked',
    'bounce', 'unsubscribe', 'complaint',
    'processed', 'deferred', 'delivered', 'blocked', 'dropped', 'open', 'resubscribe', 'unknown'));

ALTER TABLE score
  ADD CONSTRAINT score_fit CHECK (fit BETWEEN 0 AND 10000),
  ADD CONSTRAINT score_engagement CHECK (engagement BETWEEN 0 AND 10000),
  ADD CONSTRAINT score_grade CHECK (grade IN ('A', 'B', 'C', 'D')),
  ADD CONSTRAINT score_fit_band CHECK (fit_band IN ('A', 'B', 'C', 'D')),
  ADD CONSTRAINT score_engagement_band CHECK (engagement_band BETWEEN 1 AND 4);

ALTER TABLE person
  ADD CONSTRAINT person_team CHECK (team IN ('marketing', 'sales')),
  ADD CONSTRAINT person_role CHECK (role IN ('marketer', 'rep', 'telesales', 'manager', 'head')),
  ADD CONSTRAINT person_capacity CHECK (capacity > 0),
  ADD CONSTRAINT person_one_catch_all CHECK (catch_all_slot = 1),
  ADD CONSTRAINT person_address_normalized CHECK (address = lower(address) AND address !~ '[[:space:][:cntrl:]]');

ALTER TABLE escalation
  ADD CONSTRAINT escalation_grade CHECK (grade IN ('A', 'B', 'C', 'D')),
  ADD CONSTRAINT escalation_cause CHECK (cause IN ('crossing', 'hand raise', 'reply', 'booking')),
  ADD CONSTRAINT escalation_state CHECK (state IN ('assigned', 'accepted', 'rejected')),
  ADD CONSTRAINT escalation_ended_whole CHECK ((ended_at IS NULL) = (state IN ('assigned', 'accepted')));

ALTER TABLE assignment
  ADD CONSTRAINT assignment_n CHECK (n >= 1);

ALTER TABLE disposition
  ADD CONSTRAINT disposition_seq CHECK (seq >= 1),
  ADD CONSTRAINT disposition_kind CHECK (kind IN ('accepted', 'rejected')),
  ADD CONSTRAINT disposition_reason CHECK ((kind = 'rejected') = (reason IS NOT NULL)),
  ADD CONSTRAINT disposition_way CHECK (way IN ('page', 'cli'));

-- P4: a score's lines add up to it exactly.
CREATE FUNCTION check_score_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  fit_sum int;
  engagement_sum int;
BEGIN
  SELECT coalesce(sum((line->>'points')::int) FILTER (WHERE line->>'axis' = 'fit'), 0),
         coalesce(sum((line->>'points')::int) FILTER (WHERE line->>'axis' = 'engagement'), 0)
    INTO fit_sum, engagement_sum
    FROM jsonb_array_elements(NEW.lines) AS line;
  IF fit_sum <> NEW.fit OR engagement_sum <> NEW.engagement THEN
    RAISE EXCEPTION 'the lines of score % add up to % and %, not to % and %',
      NEW.id, fit_sum, engagement_sum, NEW.fit, NEW.engagement
      USING ERRCODE = 'check_violation', CONSTRAINT = 'score_lines_add_up';
  END IF;
  RETURN NEW;
END $$;
CREATE CONSTRAINT TRIGGER score_lines_add_up AFTER INSERT OR UPDATE ON score
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_score_lines();

-- What was published, what happened and what was said is never changed.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER sequence_version_immutable BEFORE UPDATE OR DELETE ON sequence_version
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER disposition_append_only BEFORE UPDATE OR DELETE ON disposition
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- An open enrollment or escalation holds its lead's slot, and an ended one does not. Looked at when
-- the transaction commits, at the rows as they are then.
CREATE FUNCTION check_slot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_open boolean;
  held boolean;
BEGIN
  IF TG_TABLE_NAME = 'enrollment' THEN
    SELECT ended_at IS NULL INTO is_open FROM enrollment WHERE id = NEW.id;
    held := EXISTS (SELECT FROM open_slot WHERE lead_id = NEW.lead_id AND enrollment_id = NEW.id);
  ELSE
    SELECT ended_at IS NULL INTO is_open FROM escalation WHERE id = NEW.id;
    held := EXISTS (SELECT FROM open_slot WHERE lead_id = NEW.lead_id AND escalation_id = NEW.id);
  END IF;
  IF held <> is_open THEN
    RAISE EXCEPTION '% % is % but % its slot', TG_TABLE_NAME, NEW.id,
      CASE WHEN is_open THEN 'open' ELSE 'ended' END,
      CASE WHEN held THEN 'holds' ELSE 'does not hold' END
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NEW;
END $$;
CREATE CONSTRAINT TRIGGER enrollment_holds_slot AFTER INSERT OR UPDATE OF ended_at ON enrollment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_slot();
CREATE CONSTRAINT TRIGGER escalation_holds_slot AFTER INSERT OR UPDATE OF ended_at ON escalation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_slot();
