import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  IfMatch,
  List,
  ShownOnce,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type ShownAs,
} from '@quen/chassis';
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
  @Shows(ClientWithSecretView, 201)
  @ShownOnce('secret')
  @ApiOperation({
    summary: 'Register a client',
    description:
      'A machine gets roles and a branch of its own; an application acts as whoever signs in. The secret is shown this once; a repetition with the same Idempotency-Key has null in its place.',
  })
  async registerClient(@Body() body: RegisterClient): Promise<ShownAs<ClientWithSecretView>> {
    const { client, secret } = await this.service.register(body);
    return Object.assign(client, { secret });
  }

  @Get()
  @Allow('client', 'read')
  @ApiList(clients, ClientView)
  @ApiOperation({ summary: 'List clients', description: 'Never with their secrets.' })
  listClients(@List(clients) query: ParsedList): Promise<Page<Client>> {
    return this.service.list(query);
  }

  @Get(':id')
  @Allow('client', 'read')
  @ApiOperation({ summary: 'Read a client', description: "The answer's ETag is needed to change the client." })
  @Shows(ClientView)
  getClient(@UuidParam('id') id: string): Promise<Client> {
    return this.service.get(id);
  }

  @Patch(':id')
  @Allow('client', 'update')
  @Shows(ClientView)
  @ApiOperation({
    summary: 'Change a client or stop it',
    description: 'A stopped client gets no more tokens; those that it has live on for ten minutes at most.',
  })
  changeClient(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: ChangeClient): Promise<Client> {
    return this.service.change(id, version, body);
  }

  @Post(':id/secret')
  @HttpCode(200)
  @Allow('client', 'update')
  @Shows(ClientWithSecretView)
  @ShownOnce('secret')
  @ApiOperation({
    summary: "Replace a client's secret",
    description:
      'The old one stops working at once. The new one is shown this once; a repetition with the same Idempotency-Key has null in its place.',
  })
  async renewClientSecret(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
  ): Promise<ShownAs<ClientWithSecretView>> {
    const { client, secret } = await this.service.renewSecret(id, version);
    return Object.assign(client, { secret });
  }
}
