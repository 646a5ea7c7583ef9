-- A sequence may ask a person to do something in between, such as a call: once for each step of an enrollment.

-- CreateTable
CREATE TABLE "task" (
    "id" UUID NOT NULL,
    "enrollment_id" UUID NOT NULL,
    "step_key" TEXT NOT NULL,
    "person_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "lapses_at" TIMESTAMPTZ(3) NOT NULL,
    "told_at" TIMESTAMPTZ(3),
    "state" TEXT NOT NULL DEFAULT 'open',
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" UUID,
    "way" TEXT,
    "remark" TEXT,

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "task_enrollment_id_step_key_key" ON "task"("enrollment_id", "step_key");

-- CreateIndex
CREATE INDEX "task_person_id_created_at_idx" ON "task"("person_id", "created_at");

-- CreateIndex
CREATE INDEX "task_due_at_person_id_idx" ON "task"("due_at", "person_id") WHERE (state = 'open');

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "task" ADD CONSTRAINT "task_ended_by_fkey" FOREIGN KEY ("ended_by") REFERENCES "person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE task
  ADD CONSTRAINT task_step_key CHECK (step_key <> ''),
  ADD CONSTRAINT task_kind CHECK (kind IN ('call', 'mail', 'meeting', 'letter', 'other')),
  ADD CONSTRAINT task_note CHECK (length(note) BETWEEN 1 AND 300),
  ADD CONSTRAINT task_state CHECK (state IN ('open', 'done', 'skipped', 'lapsed')),
  ADD CONSTRAINT task_times CHECK (created_at <= due_at AND due_at <= lapses_at),
  ADD CONSTRAINT task_way CHECK (way IN ('page', 'cli', 'api')),
  ADD CONSTRAINT task_remark CHECK (length(remark) BETWEEN 1 AND 500),
  ADD CONSTRAINT task_ended_whole CHECK ((state = 'open') = (ended_at IS NULL)),
  -- A person does it or skips it; that its time is over nobody says.
  ADD CONSTRAINT task_ended_by_somebody CHECK (
    (state IN ('done', 'skipped')) = (ended_by IS NOT NULL) AND (ended_by IS NULL) = (way IS NULL)
    AND (remark IS NULL OR ended_by IS NOT NULL));
CREATE TRIGGER task_kept BEFORE DELETE ON task
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- What was asked for stays; who is asked changes while it is open.
CREATE TRIGGER task_keeps_what BEFORE UPDATE ON task FOR EACH ROW
  WHEN ((NEW.id, NEW.enrollment_id, NEW.step_key, NEW.kind, NEW.note, NEW.created_at, NEW.due_at, NEW.lapses_at)
      IS DISTINCT FROM (OLD.id, OLD.enrollment_id, OLD.step_key, OLD.kind, OLD.note, OLD.created_at, OLD.due_at, OLD.lapses_at)
    OR OLD.state <> 'open' AND NEW.person_id <> OLD.person_id)
  EXECUTE FUNCTION refuse_this_change();

-- It ends once; what a merge ended goes on with its enrollment when the merge is undone.
CREATE TRIGGER task_ends_once BEFORE UPDATE ON task FOR EACH ROW
  WHEN (OLD.state <> 'open'
    AND (NEW.state, NEW.ended_at, NEW.ended_by, NEW.way, NEW.remark)
      IS DISTINCT FROM (OLD.state, OLD.ended_at, OLD.ended_by, OLD.way, OLD.remark)
    AND NOT (OLD.state = 'lapsed' AND NEW.state = 'open'))
  EXECUTE FUNCTION refuse_this_change();

-- Nobody is asked for a lead that has left the sequence. Looked at after the statement that made it, which may have made
-- the enrollment as well.
CREATE FUNCTION check_task_enrollment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM enrollment WHERE id = NEW.enrollment_id AND ended_at IS NULL) THEN
    RAISE EXCEPTION 'task % is of an enrollment that has ended', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER task_of_the_enrolled AFTER INSERT OR UPDATE OF state ON task FOR EACH ROW
  WHEN (NEW.state = 'open') EXECUTE FUNCTION check_task_enrollment();

-- What is open ends with its enrollment, whoever ends that.
CREATE FUNCTION lapse_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended_at IS NULL THEN
    UPDATE task SET state = 'open', ended_at = NULL
    WHERE enrollment_id = NEW.id AND state = 'lapsed' AND ended_at = OLD.ended_at;
  ELSE
    UPDATE task SET state = 'lapsed', ended_at = NEW.ended_at WHERE enrollment_id = NEW.id AND state = 'open';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER enrollment_lapses_tasks AFTER UPDATE OF ended_at ON enrollment FOR EACH ROW
  WHEN ((NEW.ended_at IS NULL) <> (OLD.ended_at IS NULL)) EXECUTE FUNCTION lapse_tasks();
