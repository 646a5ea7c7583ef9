-- AlterTable
ALTER TABLE "lead" ADD COLUMN     "wake_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "lead_wake_at_idx" ON "lead"("wake_at") WHERE (wake_at IS NOT NULL);
