-- Posts that were answered under an Idempotency-Key, so that the same post again is answered the same and does nothing.

-- CreateTable
CREATE TABLE "idempotency_key" (
    "key_hash" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "recorded" BOOLEAN,
    "refusal" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("key_hash")
);

-- CreateIndex
CREATE INDEX "idempotency_key_at_idx" ON "idempotency_key"("at");

-- What a sender calls a post, and what it says, may be personal: both stand here by their hashes alone. Beside them there
-- is what the answer is made of again: whether something was recorded, or why it was refused.
ALTER TABLE idempotency_key
  ADD CONSTRAINT idempotency_key_hashes CHECK (key_hash ~ '^[0-9a-f]{64}$' AND request_hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT idempotency_key_answer CHECK ((recorded IS NULL) <> (refusal IS NULL)),
  ADD CONSTRAINT idempotency_key_refusal CHECK (refusal IN ('not the owner', 'answered already', 'out of order'));

-- An answer stands for a day; then its key may be used for another post.
CREATE TRIGGER idempotency_key_stands BEFORE UPDATE ON idempotency_key FOR EACH ROW
  WHEN (NEW.key_hash <> OLD.key_hash OR NEW.at < OLD.at + interval '24 hours')
  EXECUTE FUNCTION refuse_this_change();
