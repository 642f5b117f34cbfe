// @ts-check
// What the server fills in when it joins these modules to one script (spineline/channels/web/script.py).

/**
 * @typedef {'close' | 'title' | 'label' | 'automated' | 'call_911' | 'person' | 'notice' | 'privacy' | 'start'
 *   | 'log' | 'choices' | 'input' | 'placeholder' | 'send' | 'typing' | 'you_said' | 'assistant_said' | 'emergency'
 *   | 'unread_one' | 'unread_many' | 'lost' | 'sending' | 'waiting' | 'failed' | 'retry' | 'busy' | 'too_long' | 'over'
 *   | 'sources' | 'new_tab' | 'print' | 'menu' | 'other_language' | 'clear' | 'cleared' | 'delete' | 'deleted'
 *   | 'not_deleted' | 'switched' | 'assistant' | 'hello' | 'more' | 'copy' | 'copied' | 'exit' | 'keep' | 'ask_delete' | 'ask_clear' | 'veiled' | 'show'
 *   | 'slow' | 'not_allowed' | 'step' | 'several' | 'answer' | 'back' | 'scale' | 'scale_none' | 'scale_mild' | 'scale_moderate' | 'scale_severe' | 'map_emergency' | 'map_clinic' | 'vcard' | 'helped' | 'helped_yes' | 'helped_no' | 'thanks' | 'timer' | 'pause' | 'time_up' | 'read' | 'hush' | 'no_voice' | 'listen' | 'listening' | 'ask_listen' | 'not_heard' | 'no_files' | 'save' | 'staff' | 'staff_title' | 'staff_signs' | 'staff_words' | 'staff_since' | 'staff_ask' | 'staff_back' | 'greet' | 'no_greet' | 'part_away'} TextName A text of content/widget.yml.
 *
 * @typedef {Record<TextName, string> & { pending?: string, greeting: import('./memory.js').Reply }} Texts
 *   `pending` is there as long as no clinician has signed the texts.
 *
 * @typedef {object} Profile
 * @property {{ tel: string, initial: string }} clinic
 * @property {Record<string, string>} parts the versions of what is fetched when it is needed
 * @property {Record<string, Texts>} texts by language; before the window was opened only those of the launcher
 */

export const PROFILE = /** @type {Profile} */ ({});
export const CSS = '';
export const SHARED = () => ({}); // what the parts use of the script
