package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.limits.AddressGroup;
import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// Peers whose keys share as many leading bits with ours, the one heard of last at the end, and
/// those that wait for a place. Owner: its [RoutingTable].
final class Bucket {

  private final LinkedHashMap<PeerId, Contact> contacts = new LinkedHashMap<>();
  private final LinkedHashMap<PeerId, Contact> waiting = new LinkedHashMap<>();

  Optional<Contact> get(PeerId peer) {
    return Optional.ofNullable(contacts.get(peer));
  }

  List<Contact> contacts() {
    return new ArrayList<>(contacts.values());
  }

  void addTo(List<Contact> target) {
    target.addAll(contacts.values());
  }

  int size() {
    return contacts.size();
  }

  int waiting() {
    return waiting.size();
  }

  /// Puts a contact to the end.
  void put(Contact contact) {
    waiting.remove(contact.peer.peer());
    contacts.remove(contact.peer.peer());
    contacts.put(contact.peer.peer(), contact);
  }

  Optional<Contact> remove(PeerId peer) {
    waiting.remove(peer);
    return Optional.ofNullable(contacts.remove(peer));
  }

  void forgetWaiting(PeerId peer) {
    waiting.remove(peer);
  }

  /// Lets a contact wait; the one that has waited longest without a word goes when there are too
  /// many.
  void await(Contact contact, int max) {
    waiting.remove(contact.peer.peer());
    waiting.put(contact.peer.peer(), contact);
    while (waiting.size() > max) {
      waiting.pollFirstEntry();
    }
  }

  /// Those that wait, the one heard of last first.
  List<Contact> candidates() {
    return List.copyOf(waiting.sequencedValues().reversed());
  }

  /// The contact that has left most requests unanswered, if any has.
  Optional<Contact> failing() {
    Contact worst = null;
    for (Contact contact : contacts.values()) {
      if (contact.failures > 0 && (worst == null || contact.failures > worst.failures)) {
        worst = contact;
      }
    }
    return Optional.ofNullable(worst);
  }

  /// The contact not heard of for the longest time.
  Optional<Contact> eldest() {
    return contacts.isEmpty() ? Optional.empty() : Optional.of(contacts.firstEntry().getValue());
  }

  int count(AddressGroup network) {
    int count = 0;
    for (Contact contact : contacts.values()) {
      if (contact.networks.contains(network)) {
        count++;
      }
    }
    return count;
  }
}
