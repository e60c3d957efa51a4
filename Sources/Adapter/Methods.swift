/// Every method, in the order that reports list them.
public let methods: [any AdapterMethod.Type] = [
    ZeroShot.self,
    LinearProbe.self,
    TipAdapter.self,
    TipAdapterF.self,
    TipX.self,
    Ape.self,
    ApeT.self,
    GaussianDiscriminants.self,
    Timo.self,
    TimoS.self,
    Proker.self,
    ClusterAdapter.self,
    CLIPAdapter.self,
    TaskRes.self,
    ZSLP.self,
    CLAP.self,
    LPPlusPlus.self,
    CrossModal.self,
    GraphAdapter.self,
    UPAdapter.self,
    PseudoTip.self,
]

/// The names of the methods that require no text features.
package let methodsWithoutText = methods.filter { !$0.needsText }.map { $0.name }
