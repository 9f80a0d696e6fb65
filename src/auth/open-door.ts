import { ANYBODY, type Authenticator, type Identity } from "../domain/identity.js";

/** Asks nobody who they are: for a server on loopback, or one whose providers are all sandboxes. */
export class OpenDoor implements Authenticator {
  async authenticate(): Promise<Identity> {
    return ANYBODY;
  }
}
