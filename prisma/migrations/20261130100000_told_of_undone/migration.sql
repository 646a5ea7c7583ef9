-- Nor does anything new come by a merge that was undone: whoever found it in force is told to look again, as whoever found
-- a lead that is merged away by now. Without it, what was told of the one in the moment of the undoing stayed with the other.
CREATE OR REPLACE FUNCTION refuse_of_merged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    IF NOT EXISTS (SELECT FROM arrived JOIN merge ON merged_id = lead_id AND undone_at IS NULL)
      AND NOT EXISTS (SELECT FROM arrived JOIN merge ON merge.id = merge_id AND undone_at IS NOT NULL) THEN
      RETURN NULL;
    END IF;
  ELSIF NOT EXISTS (SELECT FROM merge WHERE merged_id = NEW.lead_id AND undone_at IS NULL)
    AND NOT EXISTS (SELECT FROM merge WHERE id = NEW.merge_id AND undone_at IS NOT NULL) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'a new row of % is of a lead that was merged away, or came by a merge that was undone', TG_TABLE_NAME
    USING ERRCODE = 'serialization_failure', CONSTRAINT = TG_NAME;
END $$;
