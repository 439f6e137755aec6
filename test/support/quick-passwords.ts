/** Passwords at a cost that tests can pay, which count how often scrypt ran. */
import { deriveKey, Passwords } from "../../hub/access/passwords.ts";

export interface QuickPasswords {
  readonly passwords: Passwords;
  /** Runs of scrypt so far. */
  readonly runs: number;
}

export function quickPasswords(): QuickPasswords {
  let runs = 0;
  const passwords = new Passwords((password, salt, cost) => {
    runs += 1;
    return deriveKey(password, salt, { ...cost, N: 2 });
  });
  return {
    passwords,
    get runs() {
      return runs;
    },
  };
}
