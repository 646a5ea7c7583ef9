-- Routing counts the assignments of a week while it holds every rep's row. Whom they went to came first in
-- the index, so before PostgreSQL 18 all assignments that ever were had to be read.

-- DropIndex
DROP INDEX "assignment_person_id_created_at_idx";

-- CreateIndex
CREATE INDEX "assignment_created_at_person_id_idx" ON "assignment"("created_at", "person_id");
