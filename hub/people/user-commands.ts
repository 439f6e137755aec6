/** `pharos user`: people as root of the computer sees them, for when nobody can sign in. Called by main.ts. */
import * as z from "zod";
import type { Clock } from "#base/clock.ts";
import { option, UsageError } from "#base/options.ts";
import { type Commands, type Program, runCommands, StartError } from "#base/program.ts";
import { createUserRequest, ROLES, type UserView } from "#protocol/access.ts";
import type { People } from "../access/people.ts";
import { HUB_OPTIONS } from "../base/config.ts";
import { takeFirst } from "../base/first-word.ts";
import { changePeople } from "./access-folder.ts";
import { askPassword, type Console } from "./ask-password.ts";

const { dataDir } = HUB_OPTIONS;
const role = option({
  schema: z.enum(ROLES, { error: `must be one of ${ROLES.join(", ")}` }).nullable(),
  default: null,
  value: "ROLE",
  help: "viewer looks; operator also sets, acts and records; admin also manages people, tokens and devices",
});
const { name: userName, password: newPassword } = createUserRequest.shape;

export interface UserParts {
  readonly clock: Clock;
  readonly console: Console;
  /** Takes the lines of the results. */
  say(line: string): void;
}

const program: Program<Record<string, never>> = {
  usage: "pharos user COMMAND [options]",
  summary: "Who may sign in, for when nobody can: the page does the same. The hub must be stopped meanwhile.",
  options: {},
  run: async () => {
    throw new UsageError("Say what: list, add NAME, password NAME or remove NAME");
  },
};

/** @param args the words after `user` @returns the exit code */
export function runUser(args: readonly string[], parts: UserParts): Promise<number> {
  const [command = "", ...words] = args;
  const { first: name, rest } = takeFirst(words);
  return runCommands(program, userCommands(name, parts), args.length === 0 ? [] : [command, ...rest]);
}

function userCommands(name: string | null, parts: UserParts): Commands {
  return {
    list: listUsers(name, parts),
    add: addUser(name, parts),
    password: changePassword(name, parts),
    remove: removeUser(name, parts),
  };
}

function listUsers(given: string | null, { clock, say }: UserParts): Commands[string] {
  return {
    usage: "pharos user list [options]",
    summary: "Who may sign in.",
    options: { dataDir },
    async run(values) {
      if (given !== null) throw new UsageError(`${given}: unexpected word`);
      const users = await changePeople(String(values.dataDir), clock, { what: null, run: (people) => people.list() });
      for (const line of describe(users)) say(line);
      return 0;
    },
  };
}

function addUser(given: string | null, { clock, console, say }: UserParts): Commands[string] {
  return {
    usage: "pharos user add NAME --role ROLE [options]",
    summary: "Makes a user; the password is asked.",
    options: { role, dataDir },
    async run(values) {
      const name = checked(userName, "The name", required(given, "add"));
      const chosen = z.enum(ROLES).safeParse(values.role).data;
      if (chosen === undefined) throw new UsageError(`--role: needs one of ${ROLES.join(", ")}`);
      await changePeople(String(values.dataDir), clock, {
        what: { what: "user.create", target: name },
        async run(people) {
          if (people.has(name)) throw new StartError(`There is a user \`${name}\` already.`);
          await people.create(name, await askNew(console), chosen);
        },
      });
      say(`${name} may sign in (${chosen}).`);
      return 0;
    },
  };
}

function changePassword(given: string | null, { clock, console, say }: UserParts): Commands[string] {
  return {
    usage: "pharos user password NAME [options]",
    summary: "Gives a user another password, which is asked; all browsers of that user are signed out.",
    options: { dataDir },
    async run(values) {
      const name = required(given, "password");
      await changePeople(String(values.dataDir), clock, {
        what: { what: "password", target: name },
        async run(people) {
          mustKnow(people, name);
          await people.setPassword(name, await askNew(console));
        },
      });
      say(`${name} has another password, and is signed out everywhere.`);
      return 0;
    },
  };
}

function removeUser(given: string | null, { clock, say }: UserParts): Commands[string] {
  return {
    usage: "pharos user remove NAME [options]",
    summary: "Removes a user, but for the last admin.",
    options: { dataDir },
    async run(values) {
      const name = required(given, "remove");
      await changePeople(String(values.dataDir), clock, {
        what: { what: "user.remove", target: name },
        run(people) {
          mustKnow(people, name);
          people.remove(name);
        },
      });
      say(`${name} is removed.`);
      return 0;
    },
  };
}

/** @throws StartError for who is not there, before anybody thinks up a password */
function mustKnow(people: People, name: string): void {
  if (people.has(name)) return;
  const names = people.list().map((user) => user.name);
  const who = names.length === 0 ? "is nobody" : `are: ${names.join(", ")}`;
  throw new StartError(`There is no user \`${name}\`; there ${who}.`);
}

async function askNew(console: Console): Promise<string> {
  return checked(newPassword, "The password", await askPassword(console));
}

function required(name: string | null, command: string): string {
  if (name === null) throw new UsageError(`NAME: say whom, as in: pharos user ${command} ann`);
  return name;
}

function checked(schema: z.ZodType<string>, what: string, value: string): string {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new StartError(`${what} ${error.issues[0]?.message ?? "is not understood"}.`);
}

function describe(users: readonly UserView[]): readonly string[] {
  if (users.length === 0) return ["Nobody yet: when the hub starts it prints a link for the first one."];
  const rows = users.map(({ name, role, lastSeenAt, sessions }) => {
    const seen = lastSeenAt === null ? "never" : new Date(lastSeenAt).toISOString().slice(0, 16).replace("T", " ");
    return [name, role, seen, String(sessions)];
  });
  const head = ["NAME", "ROLE", "LAST SEEN (UTC)", "BROWSERS"];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => [...(row[i] ?? "")].length)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
