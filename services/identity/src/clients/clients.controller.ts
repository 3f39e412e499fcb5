import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, ShownOnce, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import type { Client } from './client.entity.js';
import { ChangeClient, ClientView, ClientWithSecretView, RegisterClient } from './clients.dto.js';
import { clients } from './clients.list.js';
import { ClientsService } from './clients.service.js';

@ApiTags('Clients')
@Controller('clients')
export class ClientsController {
  constructor(private readonly service: ClientsService) {}

  @Post()
  @Allow('client', 'create')
  @ShownOnce('secret')
  @ApiOperation({
    summary: 'Register a client',
    description:
      'A machine gets roles and a branch of its own; an application acts as whoever signs in. The secret is shown this once; a repetition with the same Idempotency-Key has null in its place.',
  })
  async registerClient(@Body() body: RegisterClient): Promise<ClientWithSecretView> {
    const { client, secret } = await this.service.register(body);
    return { ...view(client), secret };
  }

  @Get()
  @Allow('client', 'read')
  @ApiList(clients, ClientView)
  @ApiOperation({ summary: 'List clients', description: 'Never with their secrets.' })
  async listClients(@List(clients) query: ParsedList): Promise<Page<ClientView>> {
    const page = await this.service.list(query);
    return { ...page, data: page.data.map(view) };
  }

  @Get(':id')
  @Allow('client', 'read')
  @ApiOperation({ summary: 'Read a client', description: "The answer's ETag is needed to change the client." })
  async getClient(@UuidParam('id') id: string): Promise<ClientView> {
    return view(await this.service.get(id));
  }

  @Patch(':id')
  @Allow('client', 'update')
  @ApiOperation({
    summary: 'Change a client or stop it',
    description: 'A stopped client gets no more tokens; those that it has live on for ten minutes at most.',
  })
  async changeClient(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeClient,
  ): Promise<ClientView> {
    return view(await this.service.change(id, version, body));
  }

  @Post(':id/secret')
  @HttpCode(200)
  @Allow('client', 'update')
  @ShownOnce('secret')
  @ApiOperation({
    summary: "Replace a client's secret",
    description:
      'The old one stops working at once. The new one is shown this once; a repetition with the same Idempotency-Key has null in its place.',
  })
  async renewClientSecret(@UuidParam('id') id: string, @IfMatch() version: number): Promise<ClientWithSecretView> {
    const { client, secret } = await this.service.renewSecret(id, version);
    return { ...view(client), secret };
  }
}

function view({ secretHash, ...client }: Client): ClientView {
  return { ...client, confidential: secretHash !== null };
}
