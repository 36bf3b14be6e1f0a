-- Posts messages that came at the same time in one statement, which commits once for all of them: each as
-- post_message_v2 does it alone, in the order in which they are given. n counts them from 1.
-- p_wait: wait for locks that others hold; only for posts to one chat, for else who waits would hold other chats.
-- Without it a post that would have to wait is left alone: outcome is `busy`, and nothing was done. Who may not post is
-- turned away all the same: it waits for nobody, and holds nobody up. The locks come first and in the usual order, chats
-- by their ids and then members; post_message_v2 finds them taken.
-- No table is read from end to end, even if a plan was made while it was empty; and plans are kept, since PostgreSQL
-- would else make one for each call: it knows how long the arrays are only then.
CREATE FUNCTION post_messages_v1(
    p_wait boolean, p_sessions bigint[], p_users bigint[], p_chats bigint[], p_contents text[], p_client_ids text[],
    p_replies bigint[]
) RETURNS TABLE (
    n bigint, outcome text, id bigint, seq bigint, content text, reply_to bigint, created_at timestamptz,
    edited_at timestamptz, deleted_at timestamptz, workspace_id bigint, retry_after bigint
) LANGUAGE plpgsql SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    ready bigint[];
BEGIN
    IF NOT p_wait THEN
        SELECT coalesce(array_agg(locked.n), '{}') INTO ready FROM (
            SELECT a.n FROM unnest(p_chats, p_users) WITH ORDINALITY AS a(chat_id, user_id, n)
              JOIN chat_members m ON m.chat_id = a.chat_id AND m.user_id = a.user_id
              JOIN chats c ON c.id = a.chat_id
             ORDER BY c.id, m.user_id
               FOR NO KEY UPDATE OF c, m SKIP LOCKED) AS locked;
    END IF;
    RETURN QUERY
        SELECT a.n, p.* FROM unnest(p_sessions, p_users, p_chats, p_contents, p_client_ids, p_replies)
            WITH ORDINALITY AS a(session_id, user_id, chat_id, content, client_id, reply_to, n),
            LATERAL post_message_v2(a.session_id, a.user_id, a.chat_id, a.content, a.client_id, a.reply_to) AS p
         WHERE p_wait OR a.n = ANY (ready);
    IF NOT p_wait THEN
        RETURN QUERY
            SELECT a.n,
                   CASE WHEN NOT EXISTS (SELECT FROM sessions s WHERE s.id = a.session_id AND s.user_id = a.user_id
                                            AND s.ended_at IS NULL AND s.expires_at > now()) THEN 'session_ended'
                        WHEN NOT EXISTS (SELECT FROM chat_members m WHERE m.chat_id = a.chat_id
                                            AND m.user_id = a.user_id) THEN 'outside'
                        ELSE 'busy' END,
                   NULL::bigint, NULL::bigint, NULL::text, NULL::bigint, NULL::timestamptz, NULL::timestamptz,
                   NULL::timestamptz, NULL::bigint, NULL::bigint
              FROM unnest(p_sessions, p_users, p_chats) WITH ORDINALITY AS a(session_id, user_id, chat_id, n)
             WHERE a.n <> ALL (ready);
    END IF;
END
$$;
