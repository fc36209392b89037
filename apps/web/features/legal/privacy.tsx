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
          For each connected app, the access it gave us, encrypted, with ids and numbers computed from your
          tasks.
        </li>
        <li>Which tips were chosen, with what probability, and how you reacted.</li>
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
      <h2>Who else sees it</h2>
      <p>
        The provider you sign in with, and the apps you connect, each only what it needs. Further uses, such
        as tips written by a language model or messages to your devices, are off until you agree to each one.
      </p>
      <h2>How long</h2>
      <p>
        Tips, probabilities and reactions: 30 days, then they are forgotten by themselves, except that an item
        you never want to see stays marked. Everything else: until you change it, disconnect an app or delete
        your account. Sign-ins end by themselves.
      </p>
      <h2>Your rights, as buttons</h2>
      <ul>
        <li>Download everything, as one file with a README.</li>
        <li>Withdraw what you agreed to; it counts within a second.</li>
        <li>Disconnect an app; its access is revoked there and gone here at once.</li>
        <li>
          Delete your account. Every part of oO erases what it holds, your key is destroyed so that no copy
          can be read, and you get a receipt.
        </li>
      </ul>
      <h2>Cookies</h2>
      <p>One, to keep you signed in. It follows you nowhere.</p>
    </LegalDocument>
  )
}
