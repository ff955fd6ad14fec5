import { html, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { CfElement, submittedText } from '../base/cf-element.ts';
import { confidenceChip, type Tone } from '../base/chips.ts';
import { define } from '../base/define.ts';
import { formatAgo, words } from '../base/format.ts';
import { emptyState } from '../base/states.ts';
import type { CrossfootClient } from '../client/client.ts';
import { Failure, wasOvertaken } from '../client/failure.ts';
import type { LiveChange, LiveTopic } from '../client/live-events.operations.ts';
import { icon } from '../theme/icons.ts';
import { acceptMatch, declineMatch, undoMatch } from './decide.operations.ts';
import { matchInFull, type MatchDetail, type MatchInFull } from './match-review.operations.ts';
import { evidenceStyles, matchReviewStyles } from './match-review.styles.ts';
import { bankSide, bookSide, differenceLine, evidenceList, rivalList } from './match-sides.ts';

const statusTones: Record<MatchDetail['status'], Tone> = {
  SUGGESTED: 'info',
  ACCEPTED: 'ok',
  DECLINED: 'bad',
  UNDONE: '',
};

/**
 * `<cf-match-review match="…">`: a bank line beside the open items it may settle, with the evidence for the
 * match, the candidates that lost and what is left over; accepts, declines with a reason, takes back.
 * @attr match - id of the match
 * @fires cf-decided - the match was decided; detail has verdict ("accept", "decline", "undo") and match
 * @csspart panel, header, title, status, line, items, difference, evidence, rivals, footer, accept, decline
 */
export class CfMatchReview extends CfElement<MatchDetail> {
  static override properties: PropertyDeclarations = {
    match: { reflect: true },
    declining: { state: true },
    busy: { state: true },
    notice: { state: true },
  };
  static override styles = [CfElement.styles, evidenceStyles, matchReviewStyles];

  declare match: string | undefined;
  declare private declining: boolean;
  declare private busy: boolean;
  declare private notice: string | undefined;
  protected readonly defaultHeading = 'Match';

  constructor() {
    super();
    this.declining = false;
    this.busy = false;
    this.addEventListener('keydown', this.#onKey);
  }

  protected override get topics(): readonly LiveTopic[] {
    return ['matchChanged'];
  }

  protected override concerns(change: LiveChange): boolean {
    return change === undefined || change.id === this.data?.id;
  }

  protected override async load(client: CrossfootClient): Promise<MatchDetail> {
    if (!this.match)
      throw new Failure({
        kind: 'refused',
        code: 'NO_MATCH',
        message: 'No match is chosen.',
        remedy: 'Choose one.',
      });
    const { match } = await client.run<MatchInFull>(matchInFull, { id: this.match });
    if (match) return match;
    throw new Failure({
      kind: 'refused',
      code: 'NOT_FOUND',
      message: 'This match is not there.',
      remedy: 'It may have been replaced.',
    });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has('match')) return;
    this.declining = false;
    this.notice = undefined;
    if (this.match) this.changeSubject();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('declining') && this.declining) this.renderRoot.querySelector('textarea')?.focus();
  }

  /** Accepts the match. */
  async accept(): Promise<void> {
    if (this.data?.status === 'SUGGESTED') await this.#decide('accept', acceptMatch, {});
  }

  /** Declines the match with the reason. */
  async decline(reason: string): Promise<void> {
    if (this.data?.status === 'SUGGESTED') await this.#decide('decline', declineMatch, { reason });
  }

  /** Takes an accepted match back. */
  async undo(): Promise<void> {
    if (this.data?.status === 'ACCEPTED') await this.#decide('undo', undoMatch, {});
  }

  async #decide(verdict: string, operation: string, more: Record<string, string>): Promise<void> {
    const { client, data } = this;
    if (!client || !data || this.busy || data.id !== this.match) return;
    this.busy = true;
    this.notice = undefined;
    try {
      await client.change(operation, { matchId: data.id, ...more });
      this.emit('cf-decided', { verdict, match: data.id });
      this.declining = false;
    } catch (thrown) {
      const failure = this.report(thrown);
      if (!wasOvertaken(failure)) this.notice = `${failure.message} ${failure.remedy}`;
    } finally {
      this.busy = false;
    }
    await this.refresh();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') this.declining = false;
    if (event.composedPath()[0] instanceof HTMLTextAreaElement) return;
    const key = event.key.toLowerCase();
    if (key === 'a') void this.accept();
    else if (key === 'r' && this.data?.status === 'SUGGESTED') this.declining = true;
    else return;
    event.preventDefault();
  };

  protected override renderState(): TemplateResult {
    if (this.match) return super.renderState();
    return emptyState({
      emblem: 'link',
      title: 'Nothing chosen',
      text: 'Choose a match to see its evidence.',
    });
  }

  protected override panelTitle(match: MatchDetail | undefined): string {
    const name = this.match ? match?.lines[0]?.counterpartyName : undefined;
    return this.heading ?? name ?? this.defaultHeading;
  }

  protected override renderAside(match: MatchDetail): TemplateResult {
    return html`<span class="grow"></span>
      <span class="chip">${words(match.method)}</span>
      <span class="chip ${statusTones[match.status]}" part="status">${words(match.status)}</span>`;
  }

  protected override renderContent(match: MatchDetail): TemplateResult {
    const { locale } = this;
    return html`<div class="panel-body" tabindex="0" role="region" aria-label="Both sides and evidence">
        <div class="content">
          <div class="sides">
            ${bankSide(match.lines, locale)}
            <div class="bond">${icon('link', 20)} ${confidenceChip(match.confidence)}</div>
            ${bookSide(match.items, locale)}
          </div>
          ${differenceLine(match, locale)} ${evidenceList(match)} ${rivalList(match.rivals)}
        </div>
      </div>
      <footer class="panel-footer" part="footer">${this.#renderFooter(match)}</footer>`;
  }

  #renderFooter(match: MatchDetail): TemplateResult {
    const { notice, busy } = this;
    const said = notice
      ? html`<p class="notice bad small grow" role="alert">${icon('warning')}<span>${notice}</span></p>`
      : nothing;
    if (match.status !== 'SUGGESTED') return html`${said}${this.#renderDecided(match)}`;
    if (this.declining) return html`${said}${this.#renderReason()}`;
    return html`${said}
      <button type="button" class="filled" part="accept" ?disabled=${busy} @click=${() => void this.accept()}>
        Accept <kbd>A</kbd>
      </button>
      <button type="button" part="decline" ?disabled=${busy} @click=${() => (this.declining = true)}>
        Decline <kbd>R</kbd>
      </button>`;
  }

  #renderDecided(match: MatchDetail): TemplateResult {
    const ok = match.status === 'ACCEPTED';
    const by = match.decidedBy ? ` by ${match.decidedBy.name}` : match.automatic ? ' automatically' : '';
    return html`<p class="decided strong grow ${ok ? 'ok' : ''}" part="decided">
        ${icon(ok ? 'check' : 'cross')} <span>${words(match.status)}${by}</span>
        <span class="small muted"
          >${match.decidedAt ? formatAgo(match.decidedAt, this.locale) : nothing}</span
        >
      </p>
      ${
        ok
          ? html`<button type="button" class="plain" ?disabled=${this.busy} @click=${() => void this.undo()}>
              Undo
            </button>`
          : nothing
      }`;
  }

  #renderReason(): TemplateResult {
    return html`<form @submit=${this.#submit}>
      <label class="small strong" for="reason">Why do they not belong together?</label>
      <textarea id="reason" name="reason" rows="2" required></textarea>
      <div>
        <button type="submit" class="danger" ?disabled=${this.busy}>Decline</button>
        <button type="button" class="plain" @click=${() => (this.declining = false)}>Cancel</button>
      </div>
    </form>`;
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.decline(submittedText(event, 'reason'));
  };
}

define('cf-match-review', CfMatchReview);
