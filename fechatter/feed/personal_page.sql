-- A page of one person's events of a workspace: those of these chats, to it, or to all, behind p_after and up to
-- p_until. A busy workspace has far more than one person may see: this goes by that person's chats, each from its
-- index, and only up to a bound: what a thousand busy chats hold behind it would all be read, to keep a few hundred.
-- It is a function so that its plan is kept: to plan this took twice to five times as long as to do it.
-- No table is read from end to end, even if the plan was made while it was empty.
CREATE FUNCTION personal_page_v1(
    p_workspace bigint, p_after bigint, p_until bigint, p_most integer, p_person bigint, p_chats bigint[]
) RETURNS TABLE (
    epoch bigint, head bigint, tail bigint, "position" bigint, outbox_id bigint, audience text, chat_id bigint,
    to_user bigint, message_id bigint, type text, body text
) LANGUAGE plpgsql STABLE SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT f.epoch, f.head, f.tail, page.position, page.outbox_id, page.audience, page.chat_id, page.to_user,
           page.message_id, page.type, page.body
      FROM feeds f LEFT JOIN LATERAL (
        SELECT * FROM (
            SELECT one.* FROM unnest(p_chats) AS mine(chat_id) CROSS JOIN LATERAL (
                SELECT e.position, e.outbox_id, e.audience, e.chat_id, e.to_user, e.message_id, e.type, e.body
                  FROM events e
                 WHERE e.workspace_id = p_workspace AND e.chat_id = mine.chat_id AND e.position > p_after
                   AND e.position <= p_until AND e.audience = 'chat' AND e.to_user IS DISTINCT FROM p_person
                 ORDER BY e.position LIMIT p_most) one
            UNION ALL
            (SELECT e.position, e.outbox_id, e.audience, e.chat_id, e.to_user, e.message_id, e.type, e.body
               FROM events e
              WHERE e.to_user = p_person AND e.workspace_id = p_workspace AND e.position > p_after
                AND e.position <= p_until AND e.audience IN ('chat', 'user') ORDER BY e.position LIMIT p_most)
            UNION ALL
            (SELECT e.position, e.outbox_id, e.audience, e.chat_id, e.to_user, e.message_id, e.type, e.body
               FROM events e
              WHERE e.workspace_id = p_workspace AND e.position > p_after AND e.position <= p_until
                AND (e.audience IN ('workspace', 'public') OR e.type = 'chat.deleted')
                AND NOT (e.audience = 'chat' AND e.chat_id = ANY(p_chats))
              ORDER BY e.position LIMIT p_most)) every
         ORDER BY position LIMIT p_most) page ON true
     WHERE f.workspace_id = p_workspace ORDER BY page.position;
END
$$;
