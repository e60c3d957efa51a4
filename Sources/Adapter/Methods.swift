/// Every method, in the order that reports list them.
public let methods: [any AdapterMethod.Type] = [
    ZeroShot.self,
    TipAdapter.self,
    TipAdapterF.self,
    GaussianDiscriminants.self,
    Timo.self,
    TimoS.self,
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
