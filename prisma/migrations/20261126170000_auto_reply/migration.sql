-- Answers that nobody wrote, such as an out-of-office, are kept, and are told from replies.
ALTER TABLE event
  DROP CONSTRAINT event_kind,
  ADD CONSTRAINT event_kind CHECK (kind IN (
    'click', 'page', 'form', 'download', 'webinar', 'reply', 'booked',
    'bounce', 'unsubscribe', 'complaint',
    'processed', 'deferred', 'delivered', 'blocked', 'dropped', 'open', 'resubscribe', 'auto reply', 'unknown'));
