/** People, guest links, program tokens and the audit log: for admins. Loaded when it is first shown, by `late-parts.tsx`. */
import "../styles/settings.css";
import { useMemo } from "preact/hooks";
import { createAccessClient } from "../model/access-client.ts";
import { words } from "../words.ts";
import { AuditLog } from "./audit-log.tsx";
import { usePage } from "./context.ts";
import { GuestLinks } from "./guest-links.tsx";
import { People } from "./people.tsx";
import { ProgramTokens } from "./program-tokens.tsx";
import { settingsWords as say } from "./settings-words.ts";
import { useTokens } from "./tokens.ts";

export function SettingsRoom() {
  const { session, may } = usePage();
  if (session.view.value === null) return <p class="loading">{words.loading}</p>;
  return may("admin").isGiven.value ? <Settings /> : <NotForYou />;
}

function Settings() {
  const page = usePage();
  const client = useMemo(() => createAccessClient(page.rest), [page]);
  const tokens = useTokens(client);
  return (
    <div class="settings">
      <h1>{say.title}</h1>
      <People client={client} />
      <GuestLinks client={client} tokens={tokens} />
      <ProgramTokens client={client} tokens={tokens} />
      <AuditLog />
    </div>
  );
}

function NotForYou() {
  return (
    <section class="empty">
      <h1>{say.title}</h1>
      <p>{say.forAdmins}</p>
      <a class="button primary" href="/">
        {words.toDevices}
      </a>
    </section>
  );
}
