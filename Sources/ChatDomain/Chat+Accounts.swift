package import Basics
package import ChatProtocol

/// Registered names: who sets a personal password for a name keeps it, and comes in under it from other devices.
///
/// Passwords are checked by the surroundings; what they check them by is kept here with the account.
extension Chat {
    /// What the surroundings check the personal password of a name by; nil when nobody registered it, or the device
    /// belongs to who did.
    package func verifier(of name: PreparedName, for device: DeviceID) -> [UInt8]? {
        guard let registrant = accounts.account(registering: name.key),
            registrant.id != accounts.account(of: device)?.id
        else { return nil }
        return registrant.verifier
    }

    /// A present member registers the name that they have. Who registers again changes the password; one account has one
    /// registered name, the latest. The member is told when it is stored.
    ///
    /// - Parameter verifier: what the surroundings check the password by, at most `ChatLimits.accountStepBytes`.
    package mutating func register(_ verifier: [UInt8], by id: MemberID, at now: Instant, wall: WallTime) {
        expire(at: now, wall: wall)
        guard let session = names[id], var account = accounts[session.account] else { return }
        do throws(RequestRefusal) {
            guard isFree(session.name, for: session) else {
                throw RequestRefusal(.nameTaken, .nameRegistered(session.name.display))
            }
            guard account.isWorthStoring || accounts.count <= configuration.accountLimit else {
                throw RequestRefusal(.tooMany, .tooManyAccounts)
            }
            guard !storing.isStuck else { throw RequestRefusal(.storage, .storage) }
        } catch {
            let refusal = Refusal(code: error.code, text: error.sentence.wireText)
            return emit(.send(.account(RegistrationEvent.refused(refusal).encoded()), to: id))
        }
        account.registered = session.name
        account.verifier = verifier
        update(account)
        hold(.effect(.send(.account(RegistrationEvent.registered(name: session.name.display).encoded()), to: id)))
        hold(.effect(.send(.facts(facts(for: session)), to: id)))
    }

    /// A device showed that its person knows the personal password of a name: it belongs to the account from here on.
    /// Where the account has too many devices, the one that came first is forgotten.
    package mutating func adopt(_ device: DeviceID, by name: PreparedName) {
        guard var account = accounts.account(registering: name.key), !account.devices.contains(device) else { return }
        if var former = accounts.account(of: device) {
            former.devices.removeAll { $0 == device }
            update(former)
        }
        account.devices.append(device)
        if account.devices.count > ChatLimits.devicesPerAccount { account.devices.removeFirst() }
        update(account)
    }
}
