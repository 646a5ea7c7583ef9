-- 128 bits of the SHA-256 tell events as well as 256 written out in hex, in a quarter of the space: this index
-- is looked into and added to for every event that arrives.
ALTER TABLE "event" ALTER COLUMN "natural_hash" TYPE UUID USING left("natural_hash", 32)::uuid;
