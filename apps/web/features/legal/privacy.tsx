import { LegalDocument } from './document.tsx'

export function Privacy() {
  return (
    <LegalDocument title="Privacy">
      <p>
        oO understands your data; it does not own it. What follows is what this oO does, and each point can be
        checked on the page “You”.
      </p>
      <h2>What is kept</h2>
      <ul>
        <li>Your name and e-mail address, sealed with a key that is yours alone.</li>
        <li>Your settings: time zone, contrast, pause, and what you agreed to, with its version.</li>
        <li>
          For each connected app, the access it gave us or the password you typed, encrypted, with ids and
          numbers computed from your tasks and from what you completed in the 90 days before. A calendar gives
          busy times only, from when until when, a month ahead, with a fingerprint by which the same
          appointment is known again: never a title, a place or a guest.
        </li>
        <li>
          Of how you feel, how you slept and whether you are there, where you agreed to it: the newest number
          or id of each, and who told it.
        </li>
        <li>
          For each source of your own: its name and its secret, sealed together; what it may tell; when a
          delivery came, under which id, how much of it was taken and why the rest was not. Its body is not
          kept.
        </li>
        <li>
          Which tips were chosen, with what probability and from what numbers, when it was quiet, and how you
          reacted.
        </li>
        <li>What oO learned from your reactions, as numbers.</li>
        <li>Where you are signed in.</li>
      </ul>
      <h2>What is not kept</h2>
      <p>
        The text of your tasks. It is read when it is needed and stays in memory for minutes. The one
        exception is the tip in front of you: its text is sealed with your key until that tip ends, at most a
        day. Of what you pass over, a sketch is kept, sealed with your key, by which its like is known:
        numbers that are no words.
      </p>
      <h2>What it is used for</h2>
      <p>
        To choose your next tip, and for nothing else. There is no advertising, nothing is sold, and no page
        here loads anything from anyone else. What oO learns about you is learned for you alone, unless you
        agree to learn together with others.
      </p>
      <h2>Why this tip, and what oO learned</h2>
      <p>
        A tip tells why it was chosen, and the page “You” what oO learned about you, where it is sure enough,
        whether choosing for you helps, and how often it was quiet. All of this is put into sentences when you
        ask, from the numbers above; the sentences are not kept, and nothing is told that rests on what you
        did not agree to. A few moments are left to chance, so that it can be compared.
      </p>
      <h2>Who else sees it</h2>
      <p>
        The provider you sign in with, and the apps you connect, each only what it needs. Further uses, such
        as tips written by a language model or messages to your devices, are off until you agree to each one.
      </p>
      <h2>How long</h2>
      <p>
        Tips, probabilities, the numbers behind them and reactions: 30 days, then they are forgotten by
        themselves, except that an item you never want to see stays marked. Why a tip was chosen is told until
        a day after it ended. What was told of a moment: 30 days, also in the log of what happened, which as a
        rule reaches back as far; what you deleted or no longer agree to counts no more from that moment on.
        Of the deliveries of a source, the last 20 for 30 days and all for an hour. What oO learned from your
        reactions stays until you delete your account, and fades: after a month a reaction counts half.
        Everything else: until you change it, disconnect an app or delete your account. Sign-ins end by
        themselves.
      </p>
      <h2>Your rights, as buttons</h2>
      <ul>
        <li>Download everything, as one file with a README.</li>
        <li>Withdraw what you agreed to; it counts within a second.</li>
        <li>Undo a reaction within 24 hours; what was learned from it is taken back as well.</li>
        <li>Pause; meanwhile nothing is learned.</li>
        <li>
          Disconnect an app; its access is gone here at once, and oO hands it back there. A password that you
          typed, as for CalDAV, oO cannot revoke: delete that app password where you made it.
        </li>
        <li>Give a source of your own a new secret, or delete it: a deleted one is refused at once.</li>
        <li>
          Delete your account. Every part of oO erases what it holds, what it learned included, your key is
          destroyed so that no copy can be read, and you get a receipt.
        </li>
      </ul>
      <h2>Cookies</h2>
      <p>One, to keep you signed in. It follows you nowhere.</p>
    </LegalDocument>
  )
}
