package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// Plays a transcript to a machine: lines with `>` go in, and what comes out is written as lines
/// with `<`. `at 1500` lets the heartbeats until 1.5 s pass. Messages are named by their data.
final class Script {

  private static final long MILLI = 1_000_000L;

  private final List<String> transcript = new ArrayList<>();
  private final Map<PeerId, String> peers = new HashMap<>();
  private final Map<MessageId, String> messages = new HashMap<>();
  private final GossipsubMachine machine;
  private long nanos;

  Script(GossipParams params, long seed) {
    machine =
        new GossipsubMachine(
            params, new SplittableRandom(seed), new GossipMetrics(), new Now(0, 0));
  }

  static List<String> play(List<String> lines, GossipParams params) {
    Script script = new Script(params, 1);
    for (String line : lines) {
      script.line(line);
    }
    return script.transcript;
  }

  private void line(String line) {
    if (line.startsWith("<")) {
      return;
    }
    transcript.add(line);
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    List<String> words = Arrays.asList(line.split(" "));
    if (words.get(0).equals("at")) {
      passTo(Long.parseLong(words.get(1)) * MILLI);
    } else {
      machine.step(input(words.get(1), words.subList(2, words.size())), now(), this::effect);
    }
  }

  private void passTo(long target) {
    while (machine.deadlineNanos() <= target) {
      nanos = machine.deadlineNanos();
      machine.tick(now(), this::effect);
    }
    nanos = target;
  }

  private Now now() {
    return new Now(nanos, 0);
  }

  private GossipInput input(String verb, List<String> words) {
    String first = words.getFirst();
    return switch (verb) {
      case "joined" ->
          new GossipInput.Joined(peer(first), words.contains("outbound"), words.contains("v1.2"));
      case "left" -> new GossipInput.Left(peer(first));
      case "reopened" -> new GossipInput.Reopened(peer(first));
      case "restarted" -> new GossipInput.Restarted(peer(first));
      case "misbehaved" -> new GossipInput.Misbehaved(peer(first), "garbage");
      case "define" -> new GossipInput.Define(Peers.topic(first));
      case "subscribe" -> new GossipInput.Subscribe(Peers.topic(first));
      case "unsubscribe" -> new GossipInput.Unsubscribe(first);
      case "publish", "republish" -> {
        Message message = message(first, words.get(1));
        boolean again = verb.equals("republish");
        yield new GossipInput.Publish(message, MessageIds.CONTENT.of(message), again);
      }
      case "straight" -> {
        Message message = message(words.get(1), words.get(2));
        Set<PeerId> served = words.stream().skip(3).map(this::peer).collect(Collectors.toSet());
        yield new GossipInput.Accepted(
            peer(first), message, MessageIds.CONTENT.of(message), served);
      }
      case "accept" -> new GossipInput.Report(id(words), Verdict.ACCEPT);
      case "ignore" -> new GossipInput.Report(id(words), new Verdict.Ignore("old"));
      case "reject" -> new GossipInput.Report(id(words), new Verdict.Reject("bad"));
      case "forged" -> new GossipInput.Forged(id(words));
      default -> received(verb, peer(first), words.subList(1, words.size()));
    };
  }

  private GossipInput received(String verb, PeerId from, List<String> words) {
    List<TopicChange> changes = new ArrayList<>();
    List<GossipInput.Arrival> arrivals = new ArrayList<>();
    Control control = Control.NONE;
    List<MessageId> none = List.of();
    switch (verb) {
      case "topics" ->
          words.forEach(w -> changes.add(new TopicChange(w.substring(1), w.startsWith("+"))));
      case "message" -> {
        Message message = message(words.get(0), words.get(1));
        arrivals.add(new GossipInput.Arrival(message, MessageIds.CONTENT.of(message)));
      }
      case "graft" -> control = new Control(List.of(), none, words, List.of(), none);
      case "prune" -> {
        long backoff = words.size() > 1 ? Long.parseLong(words.get(1)) : 0;
        var prune = List.of(new Control.Prune(words.get(0), backoff));
        control = new Control(List.of(), none, List.of(), prune, none);
      }
      case "ihave" -> {
        List<MessageId> ids = ids(words.get(0), words.subList(1, words.size()));
        var ihave = List.of(new Control.IHave(words.get(0), ids));
        control = new Control(ihave, none, List.of(), List.of(), none);
      }
      case "iwant" ->
          control =
              new Control(
                  List.of(),
                  ids(words.get(0), words.subList(1, words.size())),
                  List.of(),
                  List.of(),
                  none);
      case "idontwant" ->
          control =
              new Control(
                  List.of(),
                  none,
                  List.of(),
                  List.of(),
                  ids(words.get(0), words.subList(1, words.size())));
      default -> throw new IllegalArgumentException(verb);
    }
    return new GossipInput.Received(from, changes, arrivals, control);
  }

  private PeerId peer(String name) {
    PeerId peer = Peers.peer(name);
    peers.put(peer, name);
    return peer;
  }

  /// A message whose data is its name; `big` ones are long enough for IDONTWANT.
  private Message message(String topic, String name) {
    byte[] data = name.getBytes(StandardCharsets.UTF_8);
    Message message =
        Message.unsigned(topic, name.startsWith("big") ? Arrays.copyOf(data, 20_000) : data);
    messages.put(MessageIds.CONTENT.of(message), name);
    return message;
  }

  private MessageId id(List<String> words) {
    return MessageIds.CONTENT.of(message(words.get(0), words.get(1)));
  }

  private List<MessageId> ids(String topic, List<String> names) {
    return names.stream().map(n -> MessageIds.CONTENT.of(message(topic, n))).toList();
  }

  private void effect(GossipEffect effect) {
    transcript.add(
        "< "
            + switch (effect) {
              case GossipEffect.SendTopics(PeerId to, List<TopicChange> changes) ->
                  "topics "
                      + name(to)
                      + changes.stream()
                          .map(c -> (c.subscribe() ? " +" : " -") + c.topic())
                          .collect(Collectors.joining());
              case GossipEffect.SendControl(PeerId to, Control control) ->
                  "control " + name(to) + control(control);
              case GossipEffect.SendMessage(List<PeerId> to, Message message) ->
                  "message "
                      + to.stream().map(this::name).collect(Collectors.joining(","))
                      + " "
                      + message.topic()
                      + " "
                      + messages.get(MessageIds.CONTENT.of(message));
              case GossipEffect.Deliver(Message message, MessageId id, PeerId from) ->
                  "deliver " + message.topic() + " " + messages.get(id) + " from " + name(from);
              case GossipEffect.Rejected(PeerId peer, String reason, int count) ->
                  "rejected " + name(peer) + " " + count + ": " + reason;
              case GossipEffect.Disconnect(PeerId peer, String reason) ->
                  "disconnect " + name(peer) + ": " + reason;
            });
  }

  private String control(Control control) {
    StringBuilder text = new StringBuilder();
    control.graft().forEach(t -> text.append(" graft ").append(t));
    control
        .prune()
        .forEach(
            p -> text.append(" prune ").append(p.topic()).append(" ").append(p.backoffSeconds()));
    control.ihave().forEach(h -> text.append(" ihave ").append(h.topic()).append(names(h.ids())));
    if (!control.iwant().isEmpty()) {
      text.append(" iwant").append(names(control.iwant()));
    }
    if (!control.idontwant().isEmpty()) {
      text.append(" idontwant").append(names(control.idontwant()));
    }
    return text.toString();
  }

  private String names(List<MessageId> ids) {
    return ids.stream().map(id -> " " + messages.get(id)).collect(Collectors.joining());
  }

  private String name(PeerId peer) {
    return String.valueOf(peers.get(peer));
  }
}
