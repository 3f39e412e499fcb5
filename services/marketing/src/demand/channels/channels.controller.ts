import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, Shows, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import { ChangeChannel, ChannelView, CreateChannel } from './channels.dto.js';
import { channelList, ChannelsService, type ChannelWithRecord } from './channels.service.js';

@ApiTags('channels')
@Controller('channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  /** Sales channels with what became of their leads. */
  @Get()
  @Allow('channel', 'read')
  @ApiList(channelList, ChannelView)
  listChannels(@List(channelList) query: ParsedList): Promise<Page<ChannelWithRecord>> {
    return this.channels.list(query);
  }

  /** Opens a sales channel; leads are routed to it from now on. */
  @Post()
  @Allow('channel', 'create')
  @Shows(ChannelView, 201)
  createChannel(@Body() body: CreateChannel): Promise<ChannelWithRecord> {
    return this.channels.create(body);
  }

  @Get(':id')
  @Allow('channel', 'read')
  @Shows(ChannelView)
  getChannel(@UuidParam('id') id: string): Promise<ChannelWithRecord> {
    return this.channels.get(id);
  }

  /** Changes a channel; `active: false` takes it out of routing. */
  @Patch(':id')
  @Allow('channel', 'update')
  @Shows(ChannelView)
  changeChannel(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeChannel,
  ): Promise<ChannelWithRecord> {
    return this.channels.change(id, version, body);
  }
}
