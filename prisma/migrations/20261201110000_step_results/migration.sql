-- What a sequence brought is counted from its own enrollments, and not from everybody's.

-- CreateIndex
CREATE INDEX "enrollment_version_id_idx" ON "enrollment"("version_id");
