import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const SECRET_LENGTH = 16;
const HEADERS = { "content-type": "application/json; charset=UTF-8" };

/**
 * Pagsmile's wire: an envelope of RSA and AES both ways.
 * @param {typeof import("./settings.mjs").settings.pagsmile} account
 * @param {(url: string, request: { headers: object, body: string }) => Promise<{ status: number, text: string }>} post
 *   The HTTP client of the server.
 */
export function pagsmileClient(account, post) {
  const publicKey = { key: createPublicKey(account.publicKey), padding: constants.RSA_PKCS1_PADDING };
  const privateKey = { key: createPrivateKey(account.privateKey), padding: constants.RSA_PKCS1_PADDING };
  return {
    /** Makes a contact and gives the provider's id of it, as text. */
    createContact: async ({ firstName, lastName, mobile, email, language }) => {
      const fields = { first_name: firstName, last_name: lastName, mobile, email, language: language ?? undefined };
      const body = JSON.stringify({ ...envelopeOf(account), ...seal(JSON.stringify(fields), publicKey) });
      const { text } = await post(`${account.url}/issuing/card/create-contact`, { headers: HEADERS, body });
      const answer = JSON.parse(text);
      if (answer.code !== "10000") throw new Error(`the provider refused the contact (${answer.code})`);
      const opened = open(answer, privateKey);
      // A long may have more digits than a number can hold.
      const contactId = /"contact_id"\s*:\s*"?(\d+)/.exec(opened)?.[1];
      if (!contactId) throw new Error("the answer names no contact");
      return contactId;
    },
  };
}

function envelopeOf({ appId, partnerId }) {
  const hex = randomBytes(14).toString("hex");
  return {
    app_id: appId,
    partner_id: partnerId,
    request_id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{8})$/, "$1-$2-$3-$4-$5"),
    timestamp: new Date().toISOString().slice(0, 19).replace("T", " "),
    format: "JSON",
    version: "2.0",
    sign_type: "RSA",
  };
}

function seal(text, publicKey) {
  const secret = drawSecret();
  const iv = drawSecret();
  const cipher = createCipheriv("aes-128-cbc", secret, iv);
  return {
    random_key: publicEncrypt(publicKey, Buffer.from(secret)).toString("base64"),
    biz_data: iv + cipher.update(text, "utf8", "base64") + cipher.final("base64"),
  };
}

function open({ random_key: randomKey, data }, privateKey) {
  const secret = privateDecrypt(privateKey, Buffer.from(randomKey, "base64"));
  const decipher = createDecipheriv("aes-128-cbc", secret, data.slice(0, SECRET_LENGTH));
  return decipher.update(data.slice(SECRET_LENGTH), "base64", "utf8") + decipher.final("utf8");
}

function drawSecret() {
  return Array.from(randomBytes(SECRET_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
}
