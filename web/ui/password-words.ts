/** Every word of the forms that choose a password, loaded with them. A translation is one more file like this. */

export const passwordWords = {
  choose: "Choose a name and password",
  chooseHelp:
    "You are the first to come to this hub, by the link that it printed. From now on the link works no more: with this name and password you sign in as admin, here and in any other browser.",
  chosen: "Make it mine",
  name: "Name",
  password: "Password",
  passwordHelp: (least: number) => `At least ${least} characters. Longer is better than stranger.`,
  present: "Present password",
  newPassword: "New password",
  change: "Change it",
  changeHelp: "All other browsers in which you are signed in are signed out.",
  changed: "Your password was changed.",
  notChanged: (sentence: string) => `Not changed: ${sentence}`,
  saving: "Saving…",
} as const;
