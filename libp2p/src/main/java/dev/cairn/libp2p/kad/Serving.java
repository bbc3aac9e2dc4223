package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multihash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Answers the questions of others. Owner: its [KadMachine].
final class Serving {

  /// The longest key of provider records that is taken, in bytes: no multihash in use is longer.
  static final int PROVIDER_KEY_BYTES_MAX = 80;

  private final PeerId self;
  private final KadParams params;
  private final RoutingTable table;
  private final ProviderStore providers;
  private final RecordStore records;
  private final Provided provided;
  private final KadCounts counts;

  Serving(
      PeerId self,
      KadParams params,
      RoutingTable table,
      ProviderStore providers,
      RecordStore records,
      Provided provided,
      KadCounts counts) {
    this.self = self;
    this.params = params;
    this.table = table;
    this.providers = providers;
    this.records = records;
    this.provided = provided;
    this.counts = counts;
  }

  void asked(KadInput.Asked asked, List<Multiaddr> listening, Step step) {
    counts.add(KadCount.QUESTIONS);
    KadMessage question = asked.question();
    switch (question.type()) {
      case FIND_NODE -> answer(asked, question.closer(closer(asked, listening)), step);
      case GET_VALUE -> getValue(asked, listening, step);
      case PUT_VALUE -> putValue(asked, step);
      case GET_PROVIDERS -> getProviders(asked, listening, step);
      case ADD_PROVIDER -> addProvider(asked, step);
      case PING -> answer(asked, KadMessage.ask(KadMessage.Type.PING, question.key()), step);
    }
  }

  private static void answer(KadInput.Asked asked, KadMessage answer, Step step) {
    step.emit(new KadEffect.Answer(asked.token(), answer));
  }

  private void refuse(KadInput.Asked asked, String reason, Step step) {
    counts.add(KadCount.QUESTIONS_REFUSED);
    step.emit(new KadEffect.NoAnswer(asked.token(), reason));
  }

  /// The nearest peers, as far as their addresses mean anything to whoever asks, and this node when
  /// it is the one that is looked for.
  private List<PeerAddresses> closer(KadInput.Asked asked, List<Multiaddr> listening) {
    KadKey key = asked.question().key();
    Reach distance = Reach.of(asked.remote());
    List<PeerAddresses> told = new ArrayList<>(params.table().bucketSize());
    if (key.equals(table.self())) {
      told.add(PeerAddresses.of(self, listening).from(distance));
    }
    for (PeerAddresses peer : table.nearestSound(key, params.table().bucketSize() + 1)) {
      PeerAddresses shown = peer.from(distance);
      if (!peer.peer().equals(asked.from())
          && !shown.addresses().isEmpty()
          && told.size() < params.table().bucketSize()) {
        told.add(shown);
      }
    }
    return told;
  }

  private void getValue(KadInput.Asked asked, List<Multiaddr> listening, Step step) {
    KadMessage question = asked.question();
    if (question.key().length() == 0) {
      refuse(asked, "no key", step);
      return;
    }
    Optional<KadRecord> record = records.get(question.key(), step);
    List<PeerAddresses> closer = closer(asked, listening);
    answer(asked, new KadMessage(question.type(), question.key(), record, closer, List.of()), step);
  }

  private void putValue(KadInput.Asked asked, Step step) {
    KadMessage question = asked.question();
    Optional<KadRecord> record = question.record();
    if (record.isEmpty() || !record.get().key().equals(question.key())) {
      refuse(asked, "no record of the key", step);
      return;
    }
    Optional<String> fault = records.put(record.get(), asked.from(), asked.remote(), step);
    if (fault.isPresent()) {
      counts.add(KadCount.RECORDS_REFUSED);
      refuse(asked, fault.get(), step);
    } else {
      answer(asked, KadMessage.put(record.get()), step);
    }
  }

  private void getProviders(KadInput.Asked asked, List<Multiaddr> listening, Step step) {
    KadMessage question = asked.question();
    Optional<KadKey> key = providerKey(question.key());
    if (key.isEmpty()) {
      refuse(asked, "not a key of content", step);
      return;
    }
    Reach distance = Reach.of(asked.remote());
    List<PeerAddresses> found = new ArrayList<>();
    if (provided.contains(key.get())) {
      found.add(PeerAddresses.of(self, listening).from(distance));
    }
    for (PeerAddresses provider : providers.get(key.get(), step.nanos())) {
      if (found.size() < KadCodec.PROVIDERS_MAX) {
        found.add(provider.from(distance));
      }
    }
    List<PeerAddresses> closer = closer(asked, listening);
    answer(
        asked,
        new KadMessage(question.type(), question.key(), Optional.empty(), closer, found),
        step);
  }

  private void addProvider(KadInput.Asked asked, Step step) {
    KadMessage question = asked.question();
    Optional<KadKey> key = providerKey(question.key());
    if (key.isEmpty()) {
      counts.add(KadCount.PROVIDERS_REFUSED);
      refuse(asked, "not a key of content", step);
      return;
    }
    Reach distance = Reach.of(asked.remote());
    boolean taken = false;
    for (PeerAddresses provider : question.providers()) {
      if (provider.peer().equals(asked.from())) {
        taken |= providers.add(key.get(), provider.from(distance), asked.remote(), step.nanos());
      }
    }
    if (!taken) {
      counts.add(KadCount.PROVIDERS_REFUSED);
      refuse(asked, "no provider record that can be taken", step);
    } else {
      step.emit(new KadEffect.NoAnswer(asked.token(), ""));
    }
  }

  /// The key of provider records: a multihash. A CID counts as its multihash.
  static Optional<KadKey> providerKey(KadKey key) {
    if (key.length() == 0 || key.length() > PROVIDER_KEY_BYTES_MAX) {
      return Optional.empty();
    }
    try {
      Multihash.decode(key.shared());
      return Optional.of(key);
    } catch (MalformedException notBare) {
      try {
        return Optional.of(KadKey.of(Cid.decode(key.shared()).multihash()));
      } catch (MalformedException e) {
        return Optional.empty();
      }
    }
  }
}
