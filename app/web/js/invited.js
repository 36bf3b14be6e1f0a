/** What a 404 means where an invitation was named. */

/** For `catch`. @param {any} error @returns {never} */
export function whyNotInvited(error) {
  if (error.status === 404) error.code = "invite_gone";
  throw error;
}
