-- A sequence may send one of several mails, or go one of several ways: which of them a lead came to get is kept, also
-- where that is nothing.

-- CreateTable
CREATE TABLE "exposure" (
    "enrollment_id" UUID NOT NULL,
    "split" TEXT NOT NULL,
    "variant" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "exposure_pkey" PRIMARY KEY ("enrollment_id","split")
);

-- AlterTable
ALTER TABLE "send" ADD COLUMN     "variant" TEXT;

-- CreateIndex
CREATE UNIQUE INDEX "exposure_enrollment_id_split_variant_key" ON "exposure"("enrollment_id", "split", "variant");

-- AddForeignKey
ALTER TABLE "exposure" ADD CONSTRAINT "exposure_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "enrollment"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey: a mail of a variant goes only to whom that variant fell.
ALTER TABLE "send" ADD CONSTRAINT "send_enrollment_id_step_key_variant_fkey" FOREIGN KEY ("enrollment_id", "step_key", "variant") REFERENCES "exposure"("enrollment_id", "split", "variant") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE exposure
  ADD CONSTRAINT exposure_split CHECK (split <> ''),
  ADD CONSTRAINT exposure_variant CHECK (variant <> '');
CREATE TRIGGER exposure_append_only BEFORE UPDATE OR DELETE ON exposure
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Who is held out gets nothing.
ALTER TABLE send ADD CONSTRAINT send_variant CHECK (variant NOT IN ('', 'hold_out'));
DROP TRIGGER send_keeps_mail ON send;
CREATE TRIGGER send_keeps_mail BEFORE UPDATE OF enrollment_id, step_key, variant, content_key ON send FOR EACH ROW
  WHEN ((OLD.enrollment_id, OLD.step_key, OLD.variant, OLD.content_key)
    IS DISTINCT FROM (NEW.enrollment_id, NEW.step_key, NEW.variant, NEW.content_key))
  EXECUTE FUNCTION refuse_this_change();
