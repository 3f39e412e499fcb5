import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, List, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import type { Message } from './message.entity.js';
import { MessageView } from './messages.dto.js';
import { messageList, MessagesService } from './messages.service.js';

@ApiTags('campaigns')
@Controller('campaigns/:id/messages')
export class MessagesController {
  constructor(private readonly messages: MessagesService) {}

  /** Messages of a campaign: what was sent, and what was refused and why. */
  @Get()
  @Allow('message', 'read')
  @ApiList(messageList, MessageView)
  listCampaignMessages(@UuidParam('id') id: string, @List(messageList) query: ParsedList): Promise<Page<Message>> {
    return this.messages.list(id, query);
  }
}
