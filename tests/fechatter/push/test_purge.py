"""What was pushed is remembered for as long as that is of use."""

from datetime import timedelta

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from fechatter.purge import purge_expired
from tests.factories import a_session, a_user
from tests.fechatter.test_purge import Ask, ask, own, plenty

__all__ = ["ask", "own"]


def test_pushes_go_an_hour_after_they_were_sent_or_a_day_after_nobody_could_send_them(
    engine: Engine, own: Session, ask: Ask
) -> None:
    user, hour, day = a_user(own), timedelta(minutes=61), timedelta(hours=25)
    living, over = a_session(own, user), a_session(own, user)
    own.execute(text("UPDATE sessions SET expires_at = now() - interval '1 minute' WHERE id = :id"), {"id": over.id})
    subscription = """INSERT INTO push_subscriptions (user_id, session_id, endpoint, p256dh, auth)
                      VALUES (:u, :s, 'https://push.example.org/' || :s, 'x', 'x') RETURNING id"""
    kept, _ = (own.scalar(text(subscription), {"u": user.id, "s": one.id}) for one in (living, over))
    row = """INSERT INTO pushes (subscription_id, chat_id, message_id, seq, created_at, sent_at)
             VALUES (:s, 1, :m, :m, now() - :made, now() - CAST(:sent AS interval))"""
    none = timedelta()
    for number, (made, sent) in enumerate([(day, None), (hour, hour), (hour, None), (hour, none), (none, none)]):
        own.execute(text(row), {"s": kept, "m": number, "made": made, "sent": sent})
    own.commit()
    purge_expired(engine, plenty())
    assert ask("SELECT sum(seq) FROM pushes WHERE subscription_id = :s", s=kept) == 2 + 3 + 4
    assert ask("SELECT count(*) FROM push_subscriptions WHERE user_id = :u", u=user.id) == 1
