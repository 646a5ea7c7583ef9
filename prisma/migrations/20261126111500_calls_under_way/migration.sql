-- The sweep looks each minute for calls that were cut off; there are a few rows among millions.
CREATE INDEX "send_attempted_at_idx" ON "send"("attempted_at") WHERE (state = 'dispatching');
