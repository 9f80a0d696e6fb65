import { Arg, Args, Authorized, Ctx, ID, Mutation, Query, Resolver } from "type-graphql";
import { isCardContactId } from "../domain/ids.js";
import { neededFor } from "../schema/access.js";
import { CardContactType } from "../schema/card-contact.type.js";
import { CardContactConnectionType } from "../schema/card-contact-connection.type.js";
import { CardContactsArgs } from "../schema/card-contacts.args.js";
import { CreateCardContactInput } from "../schema/inputs.js";
import { CreateCardContactPayloadType } from "../schema/payloads.type.js";
import type { CreateCardContact } from "../services/create-card-contact.js";
import { actingCaller } from "./acting-caller.js";
import type { RequestContext } from "./context.js";
import { connectionOf, readPage } from "./cursor.js";
import { readCreated } from "./filters.js";
import { presentContact, presentMadeContact } from "./present.js";
import { inputFaults } from "./validate.js";

/** Makes card contacts and reads them. */
@Resolver(() => CardContactType)
export class CardContactResolver {
  readonly #createCardContact: CreateCardContact;

  constructor(createCardContact: CreateCardContact) {
    this.#createCardContact = createCardContact;
  }

  @Authorized(neededFor("Mutation.createCardContact"))
  @Mutation(() => CreateCardContactPayloadType, {
    description: "Makes a card contact. Spends nothing. With an idempotencyKey a repeat makes no second one.",
  })
  async createCardContact(
    @Arg("input", () => CreateCardContactInput, { description: "The contact." }) input: CreateCardContactInput,
    @Ctx() context: RequestContext,
  ): Promise<CreateCardContactPayloadType> {
    const userErrors = inputFaults(input);
    if (userErrors.length > 0) return { contact: null, replayed: false, userErrors };
    const { contact, ...rest } = await this.#createCardContact.execute(
      {
        firstName: input.firstName,
        lastName: input.lastName,
        mobile: input.mobile,
        email: input.email,
        language: input.language ?? null,
        idempotencyKey: input.idempotencyKey ?? null,
        provider: input.provider ?? null,
      },
      actingCaller(context),
    );
    return { contact: contact && presentContact(contact), ...rest };
  }

  @Authorized(neededFor("Query.cardContact"))
  @Query(() => CardContactType, { nullable: true, description: "A contact by our id. Null when there is none." })
  async cardContact(
    @Arg("id", () => ID, { description: "Our id of the contact." }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<CardContactType | null> {
    if (!isCardContactId(id)) return null;
    const contact = await this.#createCardContact.byId(context.identity, id);
    return contact && presentContact(contact);
  }

  @Authorized(neededFor("Query.cardContacts"))
  @Query(() => CardContactConnectionType, { description: "Contacts, newest first." })
  async cardContacts(
    @Args(() => CardContactsArgs) args: CardContactsArgs,
    @Ctx() context: RequestContext,
  ): Promise<CardContactConnectionType> {
    const page = readPage(args, isCardContactId);
    const filter = { provider: args.filter?.provider, created: readCreated(args.filter ?? {}) };
    const contacts = await this.#createCardContact.list(context.identity, page, filter);
    return connectionOf(contacts, page, (contact) => ({
      place: contact.id,
      node: presentMadeContact(contact),
    }));
  }
}
