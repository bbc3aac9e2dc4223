package dev.cairn.node.discovery;

import dev.cairn.crypto.Sha256;
import dev.cairn.libp2p.peer.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.tuweni.bytes.Bytes;

/// The peers known, in two tables of buckets, so that nobody can fill them alone (the idea is that
/// of Bitcoin's address manager; Heilman et al., "Eclipse Attacks on Bitcoin's Peer-to-Peer
/// Network", 2015).
///
/// Who is only heard of is in *new*: the region of whoever told opens [#NEW_BUCKETS_PER_TELLER] of
/// [#NEW_BUCKETS] buckets, and all peers of one region told by one region share one. Who has
/// answered is in *tried*: a region has [#TRIED_BUCKETS_PER_REGION] of [#TRIED_BUCKETS]. Which ones
/// depends on a secret key, so that they cannot be aimed at. To choose a peer is to choose a bucket
/// first: numbers in one bucket win nothing.
///
/// Owner: the machine that holds it.
final class AddressBook {

  static final int NEW_BUCKETS = 64;
  static final int NEW_BUCKETS_PER_TELLER = 16;
  static final int TRIED_BUCKETS = 32;
  static final int TRIED_BUCKETS_PER_REGION = 4;
  static final int BUCKET_MAX = 16;

  /// How recently the oldest of a full bucket must have answered to keep its place.
  static final long FRESH_MILLIS = 4 * 3_600_000L;

  /// Bytes of the secret key.
  static final int KEY_BYTES = 16;

  private final Map<PeerId, Candidate> byPeer = new LinkedHashMap<>();
  private final List<List<Candidate>> fresh = buckets(NEW_BUCKETS);
  private final List<List<Candidate>> tried = buckets(TRIED_BUCKETS);
  private final Bytes key;
  private int triedCount;

  AddressBook(Bytes key) {
    this.key = key;
  }

  private static List<List<Candidate>> buckets(int count) {
    return Stream.<List<Candidate>>generate(ArrayList::new).limit(count).toList();
  }

  Bytes key() {
    return key;
  }

  Optional<Candidate> get(PeerId peer) {
    return Optional.ofNullable(byPeer.get(peer));
  }

  /// All of them, the one known longest first.
  Collection<Candidate> all() {
    return byPeer.values();
  }

  int triedCount() {
    return triedCount;
  }

  int newCount() {
    return byPeer.size() - triedCount;
  }

  /// Takes in a peer that is only heard of; false when its bucket is full of better ones.
  boolean add(Candidate candidate, long wallMillis) {
    candidate.bucket = newBucket(candidate);
    List<Candidate> bucket = fresh.get(candidate.bucket);
    if (bucket.size() >= BUCKET_MAX) {
      Optional<Candidate> worst = bucket.stream().filter(c -> c.worthless(wallMillis)).findFirst();
      if (worst.isEmpty()) {
        return false;
      }
      remove(worst.get().peer);
    }
    bucket.add(candidate);
    byPeer.put(candidate.peer, candidate);
    return true;
  }

  /// Moves a peer that has answered to the tried ones, or to another bucket of them.
  ///
  /// @param inUse whether a peer is connected and so keeps its place
  /// @return the one that keeps its place until it has failed to answer, where the bucket is full
  Optional<Candidate> promote(Candidate candidate, long wallMillis, Predicate<Candidate> inUse) {
    int to = triedBucket(candidate);
    if (candidate.tried && candidate.bucket == to) {
      return Optional.empty();
    }
    List<Candidate> bucket = tried.get(to);
    if (bucket.size() >= BUCKET_MAX) {
      Candidate oldest = bucket.getFirst();
      for (Candidate other : bucket) {
        oldest = other.provenMillis < oldest.provenMillis ? other : oldest;
      }
      boolean keeps = inUse.test(oldest) || wallMillis - oldest.provenMillis < FRESH_MILLIS;
      if (keeps || oldest.failures == 0) {
        return keeps ? Optional.empty() : Optional.of(oldest);
      }
      demote(oldest, wallMillis);
    }
    leave(candidate);
    candidate.tried = true;
    candidate.bucket = to;
    bucket.add(candidate);
    triedCount++;
    byPeer.put(candidate.peer, candidate);
    return Optional.empty();
  }

  /// Back among those that are only heard of, if there is room.
  private void demote(Candidate candidate, long wallMillis) {
    remove(candidate.peer);
    candidate.tried = false;
    add(candidate, wallMillis);
  }

  private void leave(Candidate candidate) {
    if (byPeer.get(candidate.peer) != candidate) {
      return;
    }
    (candidate.tried ? tried : fresh).get(candidate.bucket).remove(candidate);
    triedCount -= candidate.tried ? 1 : 0;
  }

  void remove(PeerId peer) {
    get(peer).ifPresent(this::leave);
    byPeer.remove(peer);
  }

  /// A peer of one table that passes the test: every bucket with such a peer is as likely as any
  /// other, and so is every such peer in it.
  Optional<Candidate> pick(boolean ofTried, Predicate<Candidate> test, RandomGenerator random) {
    List<List<Candidate>> choices = new ArrayList<>();
    for (List<Candidate> bucket : ofTried ? tried : fresh) {
      List<Candidate> passing = bucket.stream().filter(test).toList();
      if (!passing.isEmpty()) {
        choices.add(passing);
      }
    }
    if (choices.isEmpty()) {
      return Optional.empty();
    }
    List<Candidate> bucket = choices.get(random.nextInt(choices.size()));
    return Optional.of(bucket.get(random.nextInt(bucket.size())));
  }

  private int newBucket(Candidate c) {
    int one = hash("new", c.place.region(), c.teller) % NEW_BUCKETS_PER_TELLER;
    return hash("new bucket", c.teller, Integer.toString(one)) % NEW_BUCKETS;
  }

  private int triedBucket(Candidate c) {
    int one = hash("tried", c.peer.toString(), "") % TRIED_BUCKETS_PER_REGION;
    return hash("tried bucket", c.place.region(), Integer.toString(one)) % TRIED_BUCKETS;
  }

  private int hash(String use, String a, String b) {
    byte[] text = (use + "|" + a + "|" + b).getBytes(StandardCharsets.UTF_8);
    byte[] all =
        ByteBuffer.allocate(key.size() + text.length).put(key.toArrayUnsafe()).put(text).array();
    return ByteBuffer.wrap(Sha256.digest(all)).getInt() & Integer.MAX_VALUE;
  }
}
