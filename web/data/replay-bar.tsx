/** What steers a replay: play and pause, how fast, and where. */
import { formatElapsed, formatTime } from "../model/format.ts";
import { takeFocus } from "./kept-focus.ts";
import { type Replay, SPEEDS } from "./model/replay.ts";
import { dataWords } from "./words.ts";

const say = dataWords.replay;
/** Of the whole length, for the arrow keys. */
const STEPS = 200;

export function ReplayBar({ replay, onEnd }: { replay: Replay; onEnd: () => void }) {
  const { start, end, recording } = replay;
  const at = replay.at.value;
  const isPlaying = replay.isPlaying.value;
  return (
    <section class="replay" aria-label={say.title(recording.name)}>
      <p class="replay-title">
        <strong>{say.title(recording.name)}</strong> {say.notLive}
      </p>
      <button
        type="button"
        class="primary"
        ref={takeFocus}
        onClick={() => (isPlaying ? replay.pause() : replay.play())}
      >
        {isPlaying ? say.pause : say.play}
      </button>
      <label class="speed">
        <span class="unseen">{say.speed}</span>
        <select
          value={String(replay.speed.value)}
          onChange={(event) => replay.setSpeed(Number(event.currentTarget.value))}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed}×
            </option>
          ))}
        </select>
      </label>
      <span class="figures">
        {formatElapsed(at - start)} / {formatElapsed(end - start)}
      </span>
      <span class="position">
        <input
          type="range"
          min={start}
          max={end}
          step={Math.max(1, Math.round((end - start) / STEPS))}
          value={at}
          aria-label={say.position}
          aria-valuetext={formatTime(at)}
          onInput={(event) => replay.seek(Number(event.currentTarget.value))}
        />
        <Ticks replay={replay} />
      </span>
      <button type="button" onClick={onEnd}>
        {say.end}
      </button>
    </section>
  );
}

/** Where markers are: a press goes there. */
function Ticks({ replay }: { replay: Replay }) {
  const { recording, start, end } = replay;
  return (
    <svg class="ticks" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">
      {recording.markers.map(({ id, at }) => (
        <path key={id} d={`M${((at - start) / (end - start)) * 1000} 0v8`} />
      ))}
    </svg>
  );
}
