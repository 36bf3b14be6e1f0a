-- A person's chats as JSON, with the heads of the feeds of its workspaces; or only the word that a list which was kept
-- is still true: nothing has changed that person's own list (p_version) since, and no text in it has been deleted
-- (p_texts). list_version is NULL if the session has ended.
-- All of it is of one moment, since a STABLE function sees but one snapshot: what is placed up to a head was committed
-- before it, so the list has it; what the list lacked would be missing for ever.
-- No table is read from end to end, even if a plan was made while it was empty.
CREATE FUNCTION chat_list_v1(
    p_session bigint, p_user bigint, p_workspace bigint, p_version bigint, p_texts bigint[],
    OUT list_version bigint, OUT still_true boolean, OUT feeds bigint[], OUT items text, OUT texts bigint[]
) LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    workspaces bigint[];
BEGIN
    SELECT u.list_version INTO list_version FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.id = p_session AND s.user_id = p_user AND s.ended_at IS NULL AND s.expires_at > now();
    still_true := list_version = p_version
        AND NOT EXISTS (SELECT FROM messages m WHERE m.id = ANY (p_texts) AND m.deleted_at IS NOT NULL);
    IF list_version IS NULL OR still_true THEN
        RETURN;
    END IF;

    SELECT array_agg(f.workspace_id), array_agg(ARRAY[f.workspace_id, f.epoch, f.head]) INTO workspaces, feeds
      FROM workspace_members m
      JOIN workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL
      JOIN feeds f ON f.workspace_id = m.workspace_id
     WHERE m.user_id = p_user;
    IF p_workspace IS NOT NULL THEN
        workspaces := CASE WHEN p_workspace = ANY (workspaces) THEN ARRAY[p_workspace] END;
    END IF;

    SELECT '[' || string_agg(row_to_json(item)::text, ',' ORDER BY c.active_at DESC, c.id DESC) || ']',
           array_agg(last.id) FILTER (WHERE last.content IS NOT NULL)
      INTO items, texts
      FROM chat_members seat
      JOIN chats c ON c.id = seat.chat_id AND c.deleted_at IS NULL
      LEFT JOIN message_shapes last ON last.chat_id = c.id AND last.seq = c.last_seq
     CROSS JOIN LATERAL (
        SELECT c.id, c.workspace_id, c.type, c.name, c.topic, c.member_count,
               CASE WHEN c.type IN ('single', 'group') THEN
                   ARRAY (SELECT o.user_id FROM chat_members o WHERE o.chat_id = c.id ORDER BY o.user_id)
               END AS member_ids,
               c.last_seq, rfc3339(c.created_at) AS created_at, seat.role, seat.last_read_seq,
               c.last_seq - seat.last_read_seq AS unread_count, row_to_json(last) AS last_message
     ) item
     WHERE seat.user_id = p_user AND c.workspace_id = ANY (workspaces);
END
$$;
