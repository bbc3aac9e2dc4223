package dev.cairn.files.bitswap;

import java.time.Duration;

/// The limits of Bitswap, on both sides of it.
///
/// @param wantsPerPeer the wants that are remembered for one peer; more are answered as not here
/// @param entriesPerMessage the want-list entries that one message may have; more end its stream
/// @param inlineBytesMax a block up to this long is sent where a HAVE was asked for, in bytes
/// @param sendsParallel the blocks that are in memory to be sent at once, one for each peer
/// @param intakeBytesMax the received bytes that wait to be hashed and stored
/// @param window the blocks of one download that are asked about at once; other stacks drop what is
///   over 1,024 wants of one peer
/// @param pipelineMin the blocks that a peer is asked for at once, however slow it is
/// @param pipelineMax the same, however fast it is
/// @param pipelineBytesMax the bytes that a peer is asked for at once
/// @param pipelineTime what a peer is asked for is what it delivers in this time, and two round
///   trips
/// @param stall a peer that owes blocks and sends nothing for this long rests, and is let go when
///   it happens again
/// @param stallsMax how often
/// @param interval over which a peer that owes blocks has to send at least `intervalBytesMin`
/// @param intervalBytesMin less than this and the peer is let go
/// @param strikesMax blocks that nobody had asked for, after which a peer is let go
/// @param idle a stream that says nothing for this long is closed; js peers reset it after 10 s
/// @param writeStall the longest that a peer may leave a write without room
/// @param inbound what a peer may do with the streams that it opens
public record BitswapParams(
    int wantsPerPeer,
    int entriesPerMessage,
    int inlineBytesMax,
    int sendsParallel,
    int intakeBytesMax,
    int window,
    int pipelineMin,
    int pipelineMax,
    int pipelineBytesMax,
    Duration pipelineTime,
    Duration stall,
    int stallsMax,
    Duration interval,
    int intervalBytesMin,
    int strikesMax,
    Duration idle,
    Duration writeStall,
    InboundLimits inbound) {

  public static final BitswapParams STANDARD =
      new BitswapParams(
          2_048,
          16_384,
          1_024,
          32,
          16 << 20,
          1_000,
          3,
          64,
          32 << 20,
          Duration.ofMillis(100),
          Duration.ofSeconds(6),
          3,
          Duration.ofSeconds(10),
          16 << 10,
          3,
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          InboundLimits.STANDARD);

  public BitswapParams {
    if (wantsPerPeer < 1 || entriesPerMessage < 1 || sendsParallel < 1 || window < 1) {
      throw new IllegalArgumentException("a limit of Bitswap below 1");
    }
    if (pipelineMin < 1 || pipelineMax < pipelineMin || strikesMax < 1 || stallsMax < 1) {
      throw new IllegalArgumentException("a pipeline or a patience that lets nothing pass");
    }
  }

  /// The same for quick tests: another stall, and another interval.
  public BitswapParams withPatience(Duration otherStall, Duration otherInterval) {
    return with(
        wantsPerPeer,
        entriesPerMessage,
        sendsParallel,
        intakeBytesMax,
        otherStall,
        stallsMax,
        otherInterval,
        intervalBytesMin,
        strikesMax,
        inbound);
  }

  /// The same with other limits on want-lists.
  public BitswapParams withWants(int perPeer, int perMessage) {
    return with(
        perPeer,
        perMessage,
        sendsParallel,
        intakeBytesMax,
        stall,
        stallsMax,
        interval,
        intervalBytesMin,
        strikesMax,
        inbound);
  }

  /// The same with other bounds on what a peer may do wrong.
  public BitswapParams withFaults(int strikes, int stalls, int bytesMin) {
    return with(
        wantsPerPeer,
        entriesPerMessage,
        sendsParallel,
        intakeBytesMax,
        stall,
        stalls,
        interval,
        bytesMin,
        strikes,
        inbound);
  }

  /// The same with other bounds on memory.
  public BitswapParams withMemory(int sends, int intakeBytes) {
    return with(
        wantsPerPeer,
        entriesPerMessage,
        sends,
        intakeBytes,
        stall,
        stallsMax,
        interval,
        intervalBytesMin,
        strikesMax,
        inbound);
  }

  /// The same with other limits on what peers open.
  public BitswapParams withInbound(InboundLimits other) {
    return with(
        wantsPerPeer,
        entriesPerMessage,
        sendsParallel,
        intakeBytesMax,
        stall,
        stallsMax,
        interval,
        intervalBytesMin,
        strikesMax,
        other);
  }

  /// Whatever anybody changes; the rest stays.
  private BitswapParams with(
      int wants,
      int entries,
      int sends,
      int intake,
      Duration otherStall,
      int stalls,
      Duration otherInterval,
      int bytesMin,
      int strikes,
      InboundLimits limits) {
    return new BitswapParams(
        wants,
        entries,
        inlineBytesMax,
        sends,
        intake,
        window,
        pipelineMin,
        pipelineMax,
        pipelineBytesMax,
        pipelineTime,
        otherStall,
        stalls,
        otherInterval,
        bytesMin,
        strikes,
        idle,
        writeStall,
        limits);
  }
}
