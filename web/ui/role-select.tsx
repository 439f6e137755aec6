/** A choice among the roles. */
import type { Role } from "#protocol/access.ts";
import { words } from "../words.ts";

const ROLES: readonly Role[] = ["viewer", "operator", "admin"];

interface RoleSelectProps {
  readonly label: string;
  /** Whether the label is heard only. */
  readonly isQuiet?: boolean;
  readonly role: Role;
  readonly isUnable?: boolean;
  onChange(role: Role): void;
}

export function RoleSelect({ label, isQuiet = false, role, isUnable = false, onChange }: RoleSelectProps) {
  return (
    <label class="role">
      <span class={isQuiet ? "unseen" : undefined}>{label}</span>
      <select value={role} disabled={isUnable} onChange={(event) => onChange(event.currentTarget.value as Role)}>
        {ROLES.map((one) => (
          <option key={one} value={one}>
            {words.roles[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
