-- Who is away until when, and who is logged in to a page of their own.

-- CreateTable
CREATE TABLE "time_off" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "until_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "time_off_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "login" (
    "id" UUID NOT NULL,
    "person_id" UUID NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "login_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "time_off_person_id_until_at_idx" ON "time_off"("person_id", "until_at");

-- CreateIndex
CREATE INDEX "login_person_id_asked_at_idx" ON "login"("person_id", "asked_at");

-- CreateIndex
CREATE INDEX "escalation_ended_at_owner_id_idx" ON "escalation"("ended_at", "owner_id");

-- AddForeignKey
ALTER TABLE "time_off" ADD CONSTRAINT "time_off_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "login" ADD CONSTRAINT "login_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Somebody who is away comes back later, and is away once at a time. A range of one id stands for it, because plain
-- PostgreSQL has no GiST index of ids.
CREATE TYPE uuidrange AS RANGE (subtype = uuid);
ALTER TABLE time_off
  ADD CONSTRAINT time_off_ends CHECK (from_at < until_at),
  ADD CONSTRAINT time_off_once_at_a_time EXCLUDE USING gist (
    uuidrange(person_id, person_id, '[]') WITH &&, tstzrange(from_at, until_at) WITH &&);

-- P12: a link logs its owner in once, and a session that has ended is over.
ALTER TABLE login
  ADD CONSTRAINT login_ended_was_used CHECK (ended_at IS NULL OR used_at IS NOT NULL);
CREATE TRIGGER login_goes_forward BEFORE UPDATE ON login FOR EACH ROW
  WHEN ((NEW.id, NEW.person_id, NEW.asked_at) IS DISTINCT FROM (OLD.id, OLD.person_id, OLD.asked_at)
    OR OLD.used_at IS NOT NULL AND NEW.used_at IS DISTINCT FROM OLD.used_at
    OR OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
  EXECUTE FUNCTION refuse_this_change();
