import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import { ChangeChannel, ChannelView, CreateChannel } from './channels.dto.js';
import { channelList, ChannelsService } from './channels.service.js';

@ApiTags('channels')
@Controller('channels')
export class ChannelsController {
  constructor(private readonly channels: ChannelsService) {}

  /** Sales channels with what became of their leads. */
  @Get()
  @Allow('channel', 'read')
  @ApiList(channelList, ChannelView)
  async listChannels(@List(channelList) query: ParsedList): Promise<Page<ChannelView>> {
    const found = await this.channels.list(query);
    return { ...found, data: found.data.map(({ channel, record }) => ChannelView.of(channel, record)) };
  }

  /** Opens a sales channel; leads are routed to it from now on. */
  @Post()
  @Allow('channel', 'create')
  async createChannel(@Body() body: CreateChannel): Promise<ChannelView> {
    const { channel, record } = await this.channels.create(body);
    return ChannelView.of(channel, record);
  }

  @Get(':id')
  @Allow('channel', 'read')
  async getChannel(@UuidParam('id') id: string): Promise<ChannelView> {
    const { channel, record } = await this.channels.get(id);
    return ChannelView.of(channel, record);
  }

  /** Changes a channel; `active: false` takes it out of routing. */
  @Patch(':id')
  @Allow('channel', 'update')
  async changeChannel(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeChannel,
  ): Promise<ChannelView> {
    const { channel, record } = await this.channels.change(id, version, body);
    return ChannelView.of(channel, record);
  }
}
