"""Who may do what, as pure functions of what a person is to a chat or a workspace; reads like the table in the docs."""

from typing import NamedTuple

CHAT_RANKS = {"member": 0, "admin": 1, "owner": 2}
WORKSPACE_RANKS = {"guest": 0, "member": 1, "admin": 2, "owner": 3}
RULERS = ("owner", "admin")


class Standing(NamedTuple):
    """`chat_role` is None for who is not in the chat."""

    chat_type: str
    chat_role: str | None
    workspace_role: str


def _is_public(who: Standing) -> bool:
    return who.chat_type == "public_channel"


def _rules_channel(who: Standing) -> bool:
    return who.chat_type.endswith("_channel") and who.chat_role in RULERS


def can_see(who: Standing) -> bool:
    return who.chat_role is not None or (_is_public(who) and who.workspace_role != "guest")


def can_read(who: Standing) -> bool:
    """Read and post."""
    return who.chat_role is not None


def can_always_post(who: Standing) -> bool:
    """Also where it is read-only, and in slow mode without waiting; the same stands in `post_message.sql`."""
    return _rules_channel(who) or (_is_public(who) and who.chat_role is not None and who.workspace_role in RULERS)


def can_join(who: Standing) -> bool:
    """Also who is in it already, which changes nothing."""
    return _is_public(who) and can_see(who)


def can_leave(who: Standing) -> bool:
    return who.chat_role is not None and who.chat_type != "single"


def can_rename(who: Standing) -> bool:
    """Change name and topic, and of a channel who posts in it and how often."""
    return _rules_channel(who) or (who.chat_type == "group" and who.chat_role is not None)


def can_add_people(who: Standing) -> bool:
    if who.chat_type == "private_channel":
        return who.chat_role in RULERS
    return who.chat_type in ("group", "public_channel") and who.chat_role is not None


def can_remove(who: Standing, target_role: str) -> bool:
    """Remove another member, whose role in the chat is `target_role`."""
    if who.chat_type == "group":
        return who.chat_role == "owner"
    return _rules_channel(who) and (target_role != "owner")


def can_change_role(who: Standing, role: str, oneself: bool = False) -> bool:
    """Make a member a `role`: an owner anyone anything, everyone oneself something less."""
    if who.chat_type == "single" or who.chat_role is None:
        return False
    return who.chat_role == "owner" or (oneself and CHAT_RANKS[role] <= CHAT_RANKS[who.chat_role])


def can_delete_anothers_message(who: Standing) -> bool:
    if who.chat_type == "group":
        return who.chat_role == "owner"
    return _rules_channel(who) or (_is_public(who) and who.workspace_role in RULERS)


def can_delete_chat(who: Standing) -> bool:
    if who.chat_type == "single":
        return False
    return who.chat_role == "owner" or (_is_public(who) and who.workspace_role == "owner")


def can_make_chats(workspace_role: str) -> bool:
    return workspace_role != "guest"


def can_rename_workspace(workspace_role: str) -> bool:
    return workspace_role in RULERS


def can_delete_workspace(workspace_role: str) -> bool:
    return workspace_role == "owner"


def can_invite(workspace_role: str, role: str) -> bool:
    """Let someone in as `role`: an owner as anything, an admin below itself."""
    return workspace_role in RULERS and can_grant(workspace_role, role)


def can_withdraw_invites(workspace_role: str) -> bool:
    """See and withdraw them, whoever made them."""
    return workspace_role in RULERS


def can_grant(workspace_role: str, role: str) -> bool:
    return workspace_role == "owner" or WORKSPACE_RANKS[role] < WORKSPACE_RANKS[workspace_role]


def can_change_workspace_role(workspace_role: str, target_role: str, role: str) -> bool:
    """Make another, who is `target_role`, a `role`: only below one's own; an owner may hand over."""
    below = WORKSPACE_RANKS[target_role] < WORKSPACE_RANKS[workspace_role]
    return workspace_role in RULERS and below and can_grant(workspace_role, role)


def can_lower_oneself(workspace_role: str, role: str) -> bool:
    return WORKSPACE_RANKS[role] < WORKSPACE_RANKS[workspace_role]


def can_remove_from_workspace(workspace_role: str, target_role: str) -> bool:
    return workspace_role in RULERS and WORKSPACE_RANKS[target_role] < WORKSPACE_RANKS[workspace_role]


def can_moderate(workspace_role: str) -> bool:
    """See who is suspended and what was reported, and settle that."""
    return workspace_role in RULERS


def can_suspend(workspace_role: str, target_role: str | None) -> bool:
    """Put another out until further notice, and let that person in again; who has left before has no role."""
    if target_role is None:
        return can_moderate(workspace_role)
    return can_remove_from_workspace(workspace_role, target_role)


def can_read_audit(workspace_role: str) -> bool:
    return workspace_role == "owner"
